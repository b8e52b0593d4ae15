package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// client asks our server over connections it keeps open, as an application does.
type client struct{ wires *wires }

func newClient(base string) *client { return &client{newWires(base)} }

func (c *client) close() { c.wires.close() }

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
	return c.wires.get(ctx, in.path)
}
