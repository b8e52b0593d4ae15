package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Limits of a listening server. Timeouts bound how long a slow or silent client holds a connection; headers are read before
// any of our code runs, so their size is bounded here (a query string of 8 KiB and a cursor fit).
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 75 * time.Second
	maxHeaderBytes    = 32 << 10
	// DefaultDrain is how long requests under way may take to end once ctx is cancelled: more than the budget of any.
	DefaultDrain = DefaultBudget + 2*time.Second
)

// ServeOptions are what Serve needs beside a handler.
type ServeOptions struct {
	Logger *slog.Logger  // nil: no log
	Drain  time.Duration // 0 is DefaultDrain

	Connections *Connections // nil: as many as there are descriptors
}

// Serve answers on ln, which it closes, until ctx is cancelled; it then accepts nobody, lets requests under way end and
// returns nil. Requests that outlast Drain are cut, which is no error: a client that does not read its answer is enough for that. It returns
// when all its goroutines have.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, o ServeOptions) error {
	o.Logger, o.Drain = cmp.Or(o.Logger, slog.New(slog.DiscardHandler)), cmp.Or(o.Drain, DefaultDrain)
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes, ErrorLog: log.New(quietWriter{o.Logger}, "", 0),
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }, // cancelling ctx starts the drain, no more
	}
	if o.Connections != nil {
		srv.ConnState = o.Connections.state
	}
	if c, ok := h.(interface{ Close() }); ok {
		srv.RegisterOnShutdown(c.Close)
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("serve http: %w", err), srv.Close())
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Drain)
	defer cancel()
	err := srv.Shutdown(drain)
	if err != nil {
		o.Logger.Warn("requests cut: their answers were not ready, or not read", "after", o.Drain.String())
		err = srv.Close()
	}
	<-served // http.ErrServerClosed
	return err
}

// quietWriter receives what net/http logs on its own. Its lines may name the address of a client after "from" or "serving":
// they are cut there.
type quietWriter struct{ log *slog.Logger }

// Write implements io.Writer.
func (w quietWriter) Write(b []byte) (int, error) {
	line := strings.TrimSpace(string(b))
	for _, mark := range []string{" from ", " serving "} {
		line, _, _ = strings.Cut(line, mark)
	}
	w.log.Warn("http server", "what", line)
	return len(b), nil
}
