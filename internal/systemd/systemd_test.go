package systemd

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// manager is the socket of a service manager.
func manager(t *testing.T) (path string, next func() string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return path, func() string {
		b := make([]byte, 4096)
		if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		n, err := c.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
}

func env(kv ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(kv); i += 2 {
			if kv[i] == name {
				return kv[i+1]
			}
		}
		return ""
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNotify(t *testing.T) {
	path, next := manager(t)
	n := FromEnvironment(env("NOTIFY_SOCKET", path))
	t.Run("ready, with a status of one line", func(t *testing.T) {
		ok(t, n.Ready("data of\nyesterday"))
		if got := next(); got != "READY=1\nSTATUS=data of yesterday" {
			t.Errorf("%q", got)
		}
	})
	t.Run("reloading carries the clock that the manager compares", func(t *testing.T) {
		ok(t, n.Reloading())
		_, us, found := strings.Cut(next(), "RELOADING=1\nMONOTONIC_USEC=")
		if v, err := strconv.ParseInt(us, 10, 64); !found || err != nil || v <= 0 {
			t.Error(us, err)
		}
	})
	t.Run("stopping, and how it does", func(t *testing.T) {
		ok(t, n.Stopping())
		ok(t, n.Status("x"))
		if a, b := next(), next(); a != "STOPPING=1" || b != "STATUS=x" {
			t.Error(a, b)
		}
	})
	t.Run("without a manager nothing happens", func(t *testing.T) {
		none := FromEnvironment(env())
		ok(t, none.Ready(""))
		none.Watchdog(context.Background(), func(context.Context) error { t.Error("asked"); return nil }, nil)
	})
	t.Run("a manager that went away is an error", func(t *testing.T) {
		if FromEnvironment(env("NOTIFY_SOCKET", path+".away")).Ready("") == nil {
			t.Error("none")
		}
	})
}

func TestWatchdog(t *testing.T) {
	path, next := manager(t)
	n := FromEnvironment(env("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "40000", "WATCHDOG_PID", strconv.Itoa(os.Getpid())))
	ctx, cancel := context.WithCancel(context.Background())
	sick, ended, failures := make(chan error, 1), make(chan struct{}), make(chan error, 100)
	go func() {
		defer close(ended)
		n.Watchdog(ctx, func(ctx context.Context) error {
			if _, bounded := ctx.Deadline(); !bounded {
				return errors.New("no deadline")
			}
			select {
			case err := <-sick:
				return err
			default:
				return nil
			}
		}, func(err error) { failures <- err })
	}()
	for range 3 {
		if got := next(); got != "WATCHDOG=1" {
			t.Errorf("%q", got)
		}
	}
	sick <- errors.New("search does not answer")
	if err := <-failures; err.Error() != "search does not answer" {
		t.Error(err)
	}
	cancel()
	<-ended
	t.Run("one meant for another process is not fed", func(t *testing.T) {
		other := FromEnvironment(env("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "40000", "WATCHDOG_PID", "1"))
		if other.watchdog != 0 {
			t.Error(other)
		}
	})
}
