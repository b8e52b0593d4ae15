package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// listening starts Serve on a free port and returns its address and what Serve returns.
func listening(t *testing.T, ctx context.Context, h http.Handler, o ServeOptions) (addr string, done <-chan error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ch := make(chan error, 1)
	go func() { ch <- Serve(ctx, ln, h, o) }()
	return ln.Addr().String(), ch
}

// fetch reads one answer over a connection of its own.
func fetch(addr, path string) (int, string, error) {
	tr := &http.Transport{DisableKeepAlives: true}
	defer tr.CloseIdleConnections()
	resp, err := (&http.Client{Transport: tr}).Get("http://" + addr + path)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

func TestServeDrains(t *testing.T) {
	t.Parallel()
	inside, release := make(chan struct{}), make(chan struct{})
	d := newFake()
	d.fail = func(ctx context.Context, _ string) error { close(inside); <-release; return ctx.Err() } // the drain cancels no request
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	addr, done := listening(t, ctx, newServer(d), ServeOptions{})

	type reply struct {
		status int
		body   string
		err    error
	}
	got := make(chan reply, 1)
	go func() {
		status, body, err := fetch(addr, "/v1/professionals")
		got <- reply{status, body, err}
	}()
	<-inside
	stop()
	for { // the listener closes at once, whatever is under way
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		conn.Close()
		time.Sleep(time.Millisecond)
	}
	select {
	case err := <-done:
		t.Fatalf("returned with a request under way: %v", err)
	default:
	}
	close(release)
	if r := <-got; r.err != nil || r.status != 200 || !strings.Contains(r.body, `"total":2`) {
		t.Errorf("the request under way got %d %s %v", r.status, r.body, r.err)
	}
	if err := <-done; err != nil {
		t.Errorf("a clean drain returns %v", err)
	}
}

func TestServeCutsWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	inside, release := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(inside); <-release })
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log bytes.Buffer
	addr, done := listening(t, ctx, h, ServeOptions{Drain: 10 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	got := make(chan error, 1)
	go func() { _, _, err := fetch(addr, "/"); got <- err }()
	<-inside
	stop()
	if err := <-done; err != nil || !strings.Contains(log.String(), "requests cut") {
		t.Errorf("to stop although a request does not end is no failure, and is said: %v, %q", err, log.String())
	}
	if err := <-got; err == nil {
		t.Error("the client was not cut")
	}
	close(release)
}

func TestServeReportsABrokenListener(t *testing.T) {
	t.Parallel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := Serve(t.Context(), ln, http.NotFoundHandler(), ServeOptions{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("err = %v", err)
	}
}

// TestWireLimits speaks raw HTTP: what a client library would not send.
func TestWireLimits(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	addr, done := listening(t, ctx, newServer(newFake()), ServeOptions{})
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for rule, tt := range map[string]struct{ request, status string }{
		"8 KiB of headers pass":                  {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 8<<10) + "\r\nConnection: close\r\n\r\n", "200"},
		"64 KiB of headers do not":               {"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\nConnection: close\r\n\r\n", "431"},
		"a query string of 10 kB gets a problem": {"GET /v1/professionals?family=" + strings.Repeat("a", 10_000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400"},
		"raw bytes beyond ASCII are read":        {"GET /v1/professionals?given=Zélie HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200"},
		"a body announced too large is refused":  {"GET /v1/professionals HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n", "413"},
		"a small body is ignored":                {"GET /v1/professionals HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", "200"},
		"HEAD has no body and the same length":   {"HEAD /v1/professionals HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200"},
	} {
		t.Run(rule, func(t *testing.T) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, tt.request); err != nil {
				t.Fatal(err)
			}
			answer, err := io.ReadAll(conn)
			if err != nil && len(answer) == 0 {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(answer), "HTTP/1.1 "+tt.status) {
				t.Errorf("answer %.80q, want %s", answer, tt.status)
			}
			if strings.HasPrefix(tt.request, "HEAD") && (!bytes.HasSuffix(answer, []byte("\r\n\r\n")) || !bytes.Contains(answer, []byte("Content-Length: "))) {
				t.Errorf("HEAD answered %q", answer)
			}
		})
	}
}

func TestServerLinesNameNobody(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http: TLS handshake error from 192.0.2.1:5: EOF\n":        "http: TLS handshake error",
		"http: panic serving 192.0.2.1:5: dupond\n":                "http: panic",
		"http: Accept error: too many open files; retrying in 5ms": "http: Accept error: too many open files; retrying in 5ms",
	} {
		var out bytes.Buffer
		n, err := quietWriter{slog.New(slog.NewTextHandler(&out, nil))}.Write([]byte(in))
		if err != nil || n != len(in) || !strings.Contains(out.String(), `what="`+want+`"`) {
			t.Errorf("%q logged as %s", in, out.String())
		}
	}
}
