package docs

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/emersion/go-smtp"
)

// relay takes every message and throws it away.
type relay struct{}

func (relay) NewSession(*smtp.Conn) (smtp.Session, error) { return relay{}, nil }
func (relay) Reset()                                      {}
func (relay) Logout() error                               { return nil }
func (relay) Mail(string, *smtp.MailOptions) error        { return nil }
func (relay) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (relay) Data(r io.Reader) error                      { _, err := io.Copy(io.Discard, r); return err }

// listenAsRelay is an SMTP server for as long as the test runs.
func listenAsRelay(t *testing.T) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, done := smtp.NewServer(relay{}), make(chan struct{})
	go func() { defer close(done); _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return ln.Addr().String()
}

// loadDemo makes the data that annuaire demo makes, and returns its folder.
func loadDemo(t *testing.T) (data string) {
	t.Helper()
	extracts := filepath.Join(scratch, "extracts")
	data = filepath.Join(scratch, "base")
	for _, args := range [][]string{{"fixtures", "--people", "20000", "--seed", "1", "--out", extracts}, {"sync", "--data", data, "--from", extracts}} {
		if said, err := ask(t, args...); err != nil {
			t.Fatal(err, said)
		}
	}
	return data
}

// copy puts a copy of a data directory into this world.
func (w world) copy(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(w.dir, to), os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// serveDemo runs the demo in this world, with its data in the folder data and what sending an alert takes, until the test ends.
func (w world) serveDemo(t *testing.T) {
	t.Helper()
	key, err := age.GenerateX25519Identity() // as age-keygen does
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(w.dir, "etc", "annuaire.toml")
	settings := fmt.Sprintf("mode = \"training\"\n[alert]\nissuer = \"DGS\"\nfrom = \"alertes@dgs.formation.mssante.fr\"\nseeds = [\"relecture@dgs.formation.mssante.fr\"]\nrelays = [%q]\nsecurity = \"none\"\n", listenAsRelay(t))
	for name, text := range map[string]string{file: settings, filepath.Join(w.dir, "etc", "backup.pub"): key.Recipient().String(), filepath.Join(w.dir, "key.txt"): key.String()} {
		if err := os.WriteFile(name, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(binary, "demo", "--data", "data", "--http", w.http, "--ldap", w.ldap, "--idp", w.idp, "--config", file)
	cmd.Dir, cmd.Env = w.dir, w.environment()
	said, err := os.Create(filepath.Join(w.dir, "demo.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // an error is that of a process that has ended, which is told below
		if err := <-ended; err != nil {
			t.Error("the demo ends with ", err)
		}
	})
	for late := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		b, err := os.ReadFile(said.Name())
		if err == nil && strings.Contains(string(b), "Ctrl-C") {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("%s: %v", b, err)
		}
	}
}
