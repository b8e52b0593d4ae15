package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// client asks our server over connections it keeps open, as an application does.
type client struct {
	base string
	http *http.Client
}

func newClient(base string) *client {
	return &client{base, &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true, Proxy: nil, ReadBufferSize: 64 << 10},
	}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// answer is the part of an answer that can be compared with another system's.
type answer struct {
	Total int64
	Items []struct{ ID string }
}

func (a answer) ids() []string {
	out := make([]string, len(a.Items))
	for i, it := range a.Items {
		out[i] = it.ID
	}
	return out
}

// read asks and reads the answer.
func (c *client) read(ctx context.Context, in instance) (a answer, err error) {
	body, _, err := c.get(ctx, in)
	if err == nil {
		err = json.Unmarshal(body, &a)
	}
	return a, err
}

// tookMS finds the server's own account of its time in an answer, without reading the rest: the client must not cost more than what
// it measures. 0 when there is none.
func tookMS(body []byte) time.Duration {
	_, rest, ok := bytes.Cut(body, []byte(`"took_ms":`))
	if !ok {
		return 0
	}
	n := bytes.IndexAny(rest, ",}")
	ms, err := strconv.ParseFloat(string(rest[:max(n, 0)]), 64)
	if err != nil {
		return 0
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// get asks and returns the whole answer with the time from the question to its last byte.
func (c *client) get(ctx context.Context, in instance) ([]byte, time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+in.path, nil)
	if err != nil {
		return nil, 0, err
	}
	begun := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		return nil, 0, err
	}
	body, err := readAll(res)
	took := time.Since(begun)
	if err := res.Body.Close(); err != nil {
		return nil, took, err
	}
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d: %s", in.path, res.StatusCode, body)
	}
	return body, took, err
}

// readAll reads the body at once, its length being announced: the client runs on the processors of whom it measures.
func readAll(res *http.Response) ([]byte, error) {
	if res.ContentLength < 0 {
		return io.ReadAll(res.Body)
	}
	body := make([]byte, res.ContentLength)
	_, err := io.ReadFull(res.Body, body)
	return body, err
}
