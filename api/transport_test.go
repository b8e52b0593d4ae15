package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"annuaire/internal/limits"
)

// lockedBuffer is a log that several requests write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestCompression(t *testing.T) {
	s := newServer(newFake())
	plain := do(t, s, "GET", "/v1/professionals")
	t.Run("who accepts gzip gets it", func(t *testing.T) {
		w := do(t, s, "GET", "/v1/professionals", "Accept-Encoding", "gzip")
		if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() >= plain.Body.Len() {
			t.Fatalf("%v %d bytes", w.Header(), w.Body.Len())
		}
		r, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != plain.Body.String() {
			t.Error(err, string(b))
		}
	})
	t.Run("who does not ask does not", func(t *testing.T) {
		if plain.Header().Get("Content-Encoding") != "" {
			t.Error(plain.Header())
		}
	})
	t.Run("little is not worth it", func(t *testing.T) {
		if w := do(t, s, "GET", "/v1/professionals?fields=id", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" {
			t.Error(w.Header())
		}
	})
	t.Run("a record keeps the tag of its bytes", func(t *testing.T) {
		if w := do(t, s, "GET", zeliePath, "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" || w.Header().Get("ETag") == "" {
			t.Error(w.Header())
		}
	})
	t.Run("it can be turned off", func(t *testing.T) {
		if w := do(t, New(Options{Directory: newFake(), Plain: true}), "GET", "/v1/professionals", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" {
			t.Error(w.Header())
		}
	})
}

func TestCrossOrigin(t *testing.T) {
	t.Run("off unless set", func(t *testing.T) {
		if w := do(t, newServer(newFake()), "GET", "/v1/structures", "Origin", "https://app.example"); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Error(w.Header())
		}
	})
	s := New(Options{Directory: newFake(), Origins: []string{"https://app.example"}})
	t.Run("a page that may ask is told so before it asks", func(t *testing.T) {
		w := do(t, s, "OPTIONS", "/v1/professionals/lookup", "Origin", "https://app.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
		h := w.Header()
		if w.Code != 204 || h.Get("Access-Control-Allow-Origin") != "https://app.example" || !strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") {
			t.Errorf("%d %v", w.Code, h)
		}
	})
	t.Run("it reads why it is refused", func(t *testing.T) {
		few := New(Options{Directory: newFake(), Origins: []string{"https://app.example"}, Tokens: someTokens{}, Limits: Limits{Anonymous: limits.Class{RPS: 0.001, Burst: 1}}})
		for _, tt := range []struct {
			code    int
			headers []string
		}{{401, []string{"Authorization", "Bearer none"}}, {200, nil}, {429, nil}} {
			w := do(t, few, "GET", "/v1/structures", append([]string{"Origin", "https://app.example"}, tt.headers...)...)
			if w.Code != tt.code || w.Header().Get("Access-Control-Allow-Origin") != "https://app.example" {
				t.Errorf("%d, want %d: %v", w.Code, tt.code, w.Header())
			}
		}
	})
	t.Run("another is not", func(t *testing.T) {
		if w := do(t, s, "GET", "/v1/structures", "Origin", "https://evil.example"); w.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Error(w.Header())
		}
	})
}

func TestClientAddress(t *testing.T) {
	_, proxies, err := net.ParseCIDR("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, from, forwarded, want string
		trusted                     []*net.IPNet
	}{
		{"nobody is believed unless set", "10.0.0.1:1", "198.51.100.1", "10.0.0.1", nil},
		{"a trusted proxy is", "10.0.0.1:1", "198.51.100.1", "198.51.100.1", []*net.IPNet{proxies}},
		{"a stranger is not", "192.0.2.1:1", "198.51.100.1", "192.0.2.1", []*net.IPNet{proxies}},
		{"what a client wrote before the proxy is not", "10.0.0.1:1", "203.0.113.9, 198.51.100.1", "198.51.100.1", []*net.IPNet{proxies}},
		{"a chain of trusted proxies is followed", "10.0.0.1:1", "198.51.100.1, 10.0.0.2", "198.51.100.1", []*net.IPNet{proxies}},
		{"loopback is trusted no more than others", "127.0.0.1:1", "198.51.100.1", "127.0.0.1", []*net.IPNet{proxies}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.from
			r.Header.Set("X-Forwarded-For", c.forwarded)
			if got := extractor(c.trusted)(r); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestNoQuestionInTheLog(t *testing.T) {
	var log lockedBuffer
	d := newFake()
	s := New(Options{Directory: d, Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo})), Tokens: someTokens{}})
	auth := []string{"Authorization", "Bearer reader"}
	do(t, s, "GET", "/v1/professionals?q=secretname+lyon")
	do(t, s, "GET", "/v1/suggest?q=secretname")
	do(t, s, "GET", "/v1/export/mailboxes?mailbox=secretname@x.mssante.fr&after=secretname", auth...)
	do(t, s, "GET", "/v1/professionals?q=secretname", "Authorization", "Bearer secretname")
	post(s, "/v1/professionals/verify", `{"id":"99012345679","family":"secretname","given":"secretname"}`)
	post(s, "/v1/professionals/lookup", `{"ids":["secretname"]}`)
	post(s, "/v1/mailboxes/published", `{"addresses":["secretname@x.mssante.fr"]}`)
	if all := log.String(); strings.Contains(strings.ToLower(all), "secretname") || strings.Contains(all, "reader") || strings.Count(all, "\n") != 7 {
		t.Error(all)
	}
}
