package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"annuaire"
)

// Command runs one command. args is what the caller sent; emit reports an event; the result is what it ends with.
type Command func(ctx context.Context, args json.RawMessage, emit func(event any)) (result any, err error)

// maxArgs bounds the arguments of a command, in bytes.
const maxArgs = 1 << 20

// Listen opens the socket at path, which nobody else may listen on: the caller holds the data directory. Who calls before Serve waits
// for it.
func Listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // a leftover
		return nil, fmt.Errorf("control: %w", err)
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// Serve answers on ln, which it closes, until ctx ends, which ends the contexts of commands too; they have five seconds to tell
// their callers. rest answers everything that is not a command.
func Serve(ctx context.Context, ln net.Listener, commands map[string]Command, rest http.Handler) error {
	mux := http.NewServeMux()
	for name, c := range commands {
		mux.Handle("POST /control/"+name, handle(c))
	}
	mux.Handle("/", rest)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	drained := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(drained)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = srv.Shutdown(grace)
	})
	err := srv.Serve(ln)
	if !stop() { // Serve returns when Shutdown begins: callers still wait for the end of their commands
		<-drained
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("control: %w", err)
	}
	return nil
}

func handle(c Command) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var args json.RawMessage
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxArgs)).Decode(&args); err != nil {
			http.Error(w, "arguments: JSON expected", http.StatusBadRequest)
			return
		}
		var mu sync.Mutex
		send := func(m message) {
			mu.Lock()
			defer mu.Unlock()
			_ = json.NewEncoder(w).Encode(m) // a caller that has gone ends the command through the context
			_ = http.NewResponseController(w).Flush()
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		result, err := c(r.Context(), args, func(event any) {
			if b, err := json.Marshal(event); err == nil {
				send(message{Event: b})
			}
		})
		var b []byte
		if err == nil {
			b, err = json.Marshal(result)
		}
		if err != nil {
			send(message{Error: faultOf(err)})
			return
		}
		send(message{Result: b})
	}
}

// Handle is a command whose arguments are a T. Arguments that are none are CodeInvalid, and it is not run.
func Handle[T, R any](run func(ctx context.Context, args T, emit func(event any)) (R, error)) Command {
	return func(ctx context.Context, raw json.RawMessage, emit func(any)) (any, error) {
		var args T
		if err := json.Unmarshal(raw, &args); err != nil {
			return nil, annuaire.Invalid("control", "demande illisible", "request cannot be read")
		}
		return run(ctx, args, emit)
	}
}
