package demoidp

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	p, err := New("http://127.0.0.1", func(string) (Person, bool) { return Person{}, true })
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(ctx, ln) }()
	t.Run("it answers", func(t *testing.T) {
		res, err := http.Get("http://" + ln.Addr().String() + Path + "/.well-known/openid-configuration")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if b, err := io.ReadAll(res.Body); err != nil || !strings.Contains(string(b), "FORMATION") {
			t.Error(string(b), err)
		}
	})
	t.Run("until its context ends, which is no error", func(t *testing.T) {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := net.Dial("tcp", ln.Addr().String()); err == nil {
			t.Error("it still listens")
		}
	})
	t.Run("a listener that is closed is one", func(t *testing.T) {
		if err := p.Serve(t.Context(), ln); err == nil {
			t.Error("no error")
		}
	})
}
