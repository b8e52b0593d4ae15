package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/control"
)

// seen is what a server was asked, as these tests look at it.
type seen struct{ Method, Path, Token, User, Type, Match, Body string }

// echo answers with what it was asked; /refused with a problem; /list with two pages; /text with no JSON.
func echo(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case "/refused":
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"type":"/problems/invalid","detail":"nom différent","parameter":"family","rule":"name_mismatch"}`)
	case "/text":
		http.Error(w, "no room", http.StatusInternalServerError)
	case "/list":
		_, _ = io.WriteString(w, `{"items":[1,2],"next":"/rest?x=1"}`)
	case "/rest":
		_, _ = io.WriteString(w, `{"items":[3],"next":null}`)
	default:
		_ = json.NewEncoder(w).Encode(seen{r.Method, r.URL.RequestURI(), r.Header.Get("Authorization"), r.Header.Get(HeaderUser), r.Header.Get("Content-Type"), r.Header.Get("If-Match"), string(b)})
	}
}

// onSocket serves echo on a control socket.
func onSocket(t *testing.T) *Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "control.sock")
	ln, err := control.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- control.Serve(ctx, ln, nil, http.HandlerFunc(echo)) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return &Server{Socket: func() (string, error) { return path, nil }}
}

// elsewhere parses flags as a command does.
func elsewhere(t *testing.T, s *Server, args ...string) *Server {
	t.Helper()
	c := &cobra.Command{}
	s.Flags(c, "server")
	if err := c.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return s
}

func tokenIn(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("ann_file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestServer(t *testing.T) {
	t.Setenv("ANNUAIRE_TOKEN", "ann_env")
	ctx := t.Context()
	there := httptest.NewServer(http.HandlerFunc(echo))
	defer there.Close()
	socket := onSocket(t)
	holder := &Server{Socket: socket.Socket, AsHolder: true}
	for _, tt := range []struct {
		rule string
		s    *Server
		want seen
	}{
		{"through the socket it is the owner of the machine, by name, whatever token there is", socket, seen{Method: "GET", Path: "/x", User: User()}},
		{"where a token says who acts, that of the environment does", holder, seen{Method: "GET", Path: "/x", User: User(), Token: "Bearer ann_env"}},
		{"a token that is named counts, through the socket too", elsewhere(t, &Server{Socket: socket.Socket}, "--token-file", tokenIn(t)), seen{Method: "GET", Path: "/x", User: User(), Token: "Bearer ann_file"}},
		{"over an address, a token says who asks, and nobody's name is told", elsewhere(t, &Server{}, "--server", there.URL+"/"), seen{Method: "GET", Path: "/x", Token: "Bearer ann_env"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got seen
			if err := tt.s.Get(ctx, "/x", &got); err != nil || got != tt.want {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
	t.Run("a value is sent as JSON, headers as they are given", func(t *testing.T) {
		a, err := socket.Ask(ctx, http.MethodPut, "/x", map[string]int{"n": 1}, "If-Match", `"3"`)
		var got seen
		if err != nil || json.Unmarshal(a.Body, &got) != nil || got.Body != `{"n":1}` || got.Type != "application/json" || got.Match != `"3"` {
			t.Errorf("%+v %v", got, err)
		}
	})
	t.Run("what is read is sent as it is", func(t *testing.T) {
		a, err := socket.Ask(ctx, http.MethodPost, "/x", strings.NewReader("{}\n{}\n"), "Content-Type", "application/x-ndjson")
		var got seen
		if err != nil || json.Unmarshal(a.Body, &got) != nil || got.Body != "{}\n{}\n" || got.Type != "application/x-ndjson" {
			t.Errorf("%+v %v", got, err)
		}
	})
	t.Run("a list is read to its last page", func(t *testing.T) {
		var got string
		err := socket.Each(ctx, "/list", func(item json.RawMessage) error { got += string(item); return nil })
		if err != nil || got != "123" {
			t.Error(got, err)
		}
	})
	t.Run("an answer is copied as it comes", func(t *testing.T) {
		var b strings.Builder
		if err := socket.Copy(ctx, "/rest", &b); err != nil || b.String() != `{"items":[3],"next":null}` {
			t.Error(b.String(), err)
		}
	})
}

func TestRefusals(t *testing.T) {
	ctx, socket := t.Context(), onSocket(t)
	t.Run("a problem comes back as the error it was", func(t *testing.T) {
		err := socket.Copy(ctx, "/refused", io.Discard)
		var e *annuaire.Error
		if !errors.As(err, &e) || e.Code != annuaire.CodeInvalid || e.Op != "family" || e.Rule != "name_mismatch" || ExitCode(err) != ExitUsage {
			t.Errorf("%#v", err)
		}
	})
	t.Run("where what is sent is data, it is the data that is not taken", func(t *testing.T) {
		_, err := (&Server{Socket: socket.Socket, Input: true}).Ask(ctx, http.MethodPut, "/refused", nil)
		if ExitCode(err) != ExitInput || annuaire.RuleOf(err) != "name_mismatch" {
			t.Errorf("%#v", err)
		}
	})
	t.Run("an answer that is no problem document is quoted", func(t *testing.T) {
		if _, err := socket.Ask(ctx, http.MethodGet, "/text", nil); err == nil || !strings.Contains(err.Error(), "no room") || ExitCode(err) != ExitFailed {
			t.Error(err)
		}
	})
	t.Run("without a server it is said what to do, and that there is none", func(t *testing.T) {
		none := Server{Socket: func() (string, error) { return filepath.Join(t.TempDir(), "control.sock"), nil }}
		_, err := none.Ask(ctx, http.MethodGet, "/x", nil)
		if !errors.Is(err, control.ErrNoServer) || annuaire.CodeOf(err) != annuaire.CodeUnavailable || !strings.Contains(Message(err), "annuaire serve") {
			t.Errorf("%#v", err)
		}
	})
	t.Run("a configuration that cannot be read is no fault of the data", func(t *testing.T) {
		wrong := Server{Input: true, Socket: func() (string, error) { return "", annuaire.Invalid("dta", "x", "x") }}
		if _, err := wrong.Ask(ctx, http.MethodGet, "/x", nil); ExitCode(err) != ExitUsage {
			t.Error(err)
		}
	})
	for rule, args := range map[string][]string{
		"a token is not sent in the clear":     {"--server", "http://annuaire.exemple.fr", "--token-file", tokenIn(t)},
		"an address of no host is none":        {"--server", "https:///x", "--token-file", tokenIn(t)},
		"an address needs a token":             {"--server", "https://annuaire.exemple.fr"},
		"a file of a token that is not there":  {"--server", "https://annuaire.exemple.fr", "--token-file", "nowhere"},
		"a word that is no address is refused": {"--server", "annuaire", "--token-file", tokenIn(t)},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Setenv("ANNUAIRE_TOKEN", "")
			if _, err := elsewhere(t, &Server{}, args...).Ask(ctx, http.MethodGet, "/x", nil); ExitCode(err) != ExitUsage {
				t.Error(err)
			}
		})
	}
}
