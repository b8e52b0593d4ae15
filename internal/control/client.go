package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// ErrNoServer is returned when no server runs on the data directory.
var ErrNoServer = errors.New("control: no server is running")

// Client returns an HTTP client whose every request goes to the socket at path, on a connection of its own: none is left behind.
func Client(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
		if err != nil {
			return nil, ErrNoServer
		}
		return c, nil
	}}}
}

// Call runs a command in the server behind the socket at path. onEvent, if not nil, gets each event. result, if not nil, is
// filled in at the end. The command's own error comes back with its code.
func Call(ctx context.Context, path, name string, args any, onEvent func(json.RawMessage), result any) error {
	body, err := json.Marshal(args)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://annuaire/control/"+name, bytes.NewReader(body))
	if err != nil {
		return err
	}
	res, err := Client(path).Do(req)
	if errors.Is(err, ErrNoServer) {
		return ErrNoServer
	}
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("control: %s: %s", name, res.Status)
	}
	for dec := json.NewDecoder(res.Body); ; {
		var m message
		switch err := dec.Decode(&m); {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("control: the server stopped before %s ended", name)
		case err != nil:
			return fmt.Errorf("control: %w", err)
		case m.Error != nil:
			return m.Error.error()
		case m.Result != nil:
			if result == nil {
				return nil
			}
			return json.Unmarshal(m.Result, result)
		case onEvent != nil:
			onEvent(m.Event)
		}
	}
}
