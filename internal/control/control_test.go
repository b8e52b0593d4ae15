package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"annuaire"
)

func start(t *testing.T, commands map[string]Command) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "control.sock")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	rest := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "rest") })
	ln, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	go func() { done <- Serve(ctx, ln, commands, rest) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t)
	})
	return path
}

func TestCall(t *testing.T) {
	path := start(t, map[string]Command{
		"add": func(_ context.Context, args json.RawMessage, emit func(any)) (any, error) {
			var in []int
			if err := json.Unmarshal(args, &in); err != nil {
				return nil, err
			}
			sum := 0
			for _, n := range in {
				sum += n
				emit(sum)
			}
			return map[string]int{"sum": sum}, nil
		},
		"refuse": func(context.Context, json.RawMessage, func(any)) (any, error) {
			return nil, &annuaire.InputError{Err: annuaire.Invalid("from", "fichier absent", "missing file").Because("source_missing")}
		},
	})
	ctx := context.Background()
	t.Run("events come before the result", func(t *testing.T) {
		var events []string
		var out struct{ Sum int }
		err := Call(ctx, path, "add", []int{1, 2, 3}, func(e json.RawMessage) { events = append(events, string(e)) }, &out)
		if err != nil || out.Sum != 6 || len(events) != 3 || events[2] != "6" {
			t.Fatal(err, out, events)
		}
	})
	t.Run("an error keeps its code, parameter, rule and nature", func(t *testing.T) {
		err := Call(ctx, path, "refuse", nil, nil, nil)
		var in *annuaire.InputError
		var e *annuaire.Error
		if !errors.As(err, &in) || !errors.As(err, &e) || e.Code != annuaire.CodeInvalid || e.Op != "from" || e.Rule != "source_missing" || e.Message != "fichier absent" {
			t.Fatalf("%#v", err)
		}
	})
	t.Run("an unknown command is an error", func(t *testing.T) {
		if err := Call(ctx, path, "nothing", nil, nil, nil); err == nil {
			t.Fatal("no error")
		}
	})
	t.Run("other requests reach the REST front", func(t *testing.T) {
		c := Client(path)
		defer c.CloseIdleConnections()
		res, err := c.Get("http://annuaire/v1/anything")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if b, _ := io.ReadAll(res.Body); string(b) != "rest" {
			t.Fatal(string(b))
		}
	})
	t.Run("only the owner may use the socket", func(t *testing.T) {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(err, info.Mode())
		}
	})
}

func TestCallWithoutServer(t *testing.T) {
	if err := Call(context.Background(), filepath.Join(t.TempDir(), "control.sock"), "add", nil, nil, nil); !errors.Is(err, ErrNoServer) {
		t.Fatal(err)
	}
}

// A command that is under way when the server stops still tells its caller how it ended.
func TestServeDrains(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.sock")
	ctx, cancel := context.WithCancel(context.Background())
	var ended atomic.Bool
	commands := map[string]Command{"wait": func(ctx context.Context, _ json.RawMessage, emit func(any)) (any, error) {
		emit("started")
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond) // long enough for a server that does not wait to be gone
		ended.Store(true)
		return nil, annuaire.Errorf(annuaire.CodeUnavailable, "wait", "arrêt du serveur", "the server stops", nil)
	}}
	served, called := make(chan error, 1), make(chan error, 1)
	ln, err := Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		err := Serve(ctx, ln, commands, http.NotFoundHandler())
		if !ended.Load() {
			err = errors.Join(err, errors.New("Serve returned before the command did"))
		}
		served <- err
	}()
	started := make(chan struct{})
	go func() {
		called <- Call(context.Background(), path, "wait", nil, func(json.RawMessage) { close(started) }, nil)
	}()
	<-started
	cancel()
	if err := <-called; annuaire.CodeOf(err) != annuaire.CodeUnavailable {
		t.Errorf("the caller hears %v", err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t)
}

func TestHandle(t *testing.T) {
	ran := false
	c := Handle(func(_ context.Context, n int, emit func(any)) (int, error) {
		ran = true
		emit(n)
		return n + 1, nil
	})
	t.Run("arguments are read, the result comes back", func(t *testing.T) {
		var told any
		if got, err := c(t.Context(), json.RawMessage("1"), func(e any) { told = e }); err != nil || got != 2 || told != 1 {
			t.Error(got, told, err)
		}
	})
	t.Run("arguments that are none are refused, and nothing is run", func(t *testing.T) {
		ran = false
		if _, err := c(t.Context(), json.RawMessage(`"one"`), nil); annuaire.CodeOf(err) != annuaire.CodeInvalid || ran {
			t.Error(err, ran)
		}
	})
}
