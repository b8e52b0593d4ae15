package ldaptest

import (
	"context"
	"net"
	"testing"

	"annuaire/ldapd"
)

// Start serves on a loopback port until the test ends, and returns its address.
func Start(t testing.TB, o ldapd.Options) string {
	t.Helper()
	return start(t, o, (*ldapd.Server).Serve, nil)
}

// StartTLS is Start where TLS comes first.
func StartTLS(t testing.TB, o ldapd.Options) string {
	t.Helper()
	return start(t, o, (*ldapd.Server).ServeTLS, nil)
}

// StartOn is Start on a listener that is something else than it seems.
func StartOn(t testing.TB, o ldapd.Options, as func(net.Listener) net.Listener) string {
	t.Helper()
	return start(t, o, (*ldapd.Server).Serve, as)
}

func start(t testing.TB, o ldapd.Options, serve func(*ldapd.Server, context.Context, net.Listener) error, as func(net.Listener) net.Listener) string {
	t.Helper()
	s, err := ldapd.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if as != nil {
		ln = as(ln)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve(s, ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return ln.Addr().String()
}
