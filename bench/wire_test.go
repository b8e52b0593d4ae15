package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestWires(t *testing.T) {
	var opened atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("é", 100_000)) })
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "short") })
	mux.HandleFunc("/refused", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "too much", http.StatusTooManyRequests) })
	mux.HandleFunc("/last", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "last")
	})
	srv := httptest.NewUnstartedServer(mux)
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	p := newWires(srv.URL)
	defer p.close()

	get := func(t *testing.T, path, want string) {
		t.Helper()
		body, took, err := p.get(t.Context(), path)
		if err != nil || string(body) != want || took <= 0 {
			t.Fatalf("%s: %d bytes in %v, %v; want %d", path, len(body), took, err, len(want))
		}
	}
	t.Run("answers come whole, announced or in chunks, over one connection", func(t *testing.T) {
		for range 3 {
			get(t, "/short", "short")
			get(t, "/long", strings.Repeat("é", 100_000))
		}
		if n := opened.Load(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
	t.Run("a connection that the server ends is replaced", func(t *testing.T) {
		get(t, "/last", "last")
		get(t, "/short", "short")
		srv.CloseClientConnections()
		get(t, "/short", "short")
	})
	t.Run("another status is an error that quotes the answer", func(t *testing.T) {
		if _, _, err := p.get(t.Context(), "/refused"); err == nil || !strings.Contains(err.Error(), "429") || !strings.Contains(err.Error(), "too much") {
			t.Error(err)
		}
	})
	t.Run("a server that is gone is an error", func(t *testing.T) {
		srv.Close()
		if _, _, err := p.get(t.Context(), "/short"); err == nil {
			t.Error("an answer from nobody")
		}
	})
}
