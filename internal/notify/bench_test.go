package notify

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/relay"
	"annuaire/internal/store"
)

// bench is an outbox on a real ledger, with a clock that a test moves.
type bench struct {
	t      *testing.T
	path   string
	ledger *store.Ledger
	now    atomic.Int64
	opts   Options
	logs   bytes.Buffer
	box    *Outbox
}

func newBench(t *testing.T, s Sender) *bench {
	b := &bench{t: t, path: filepath.Join(t.TempDir(), "annuaire.db")}
	b.now.Store(1_700_000_000)
	b.opts = Options{Sender: s, Domain: "annuaire.example", Now: func() time.Time { return time.Unix(b.now.Load(), 0) }, Logger: slog.New(slog.NewTextHandler(&b.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	b.open()
	t.Cleanup(func() { _ = b.ledger.Close() })
	return b
}

func (b *bench) open() {
	b.t.Helper()
	var err error
	if b.ledger, err = store.OpenLedger(b.path); err != nil {
		b.t.Fatal(err)
	}
	b.box = New(b.ledger, b.opts)
}

func (b *bench) reopen() {
	b.t.Helper()
	if err := b.ledger.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.open()
}

func (b *bench) put(key, to string) {
	b.t.Helper()
	n := annuaire.Notice{Key: key, Person: "899012345679", To: to, Subject: "Délégation ajoutée", Text: "Bonjour,\n\nÀ bientôt : une ligne assez longue pour qu'elle soit coupée au transport, et remise ensuite comme elle était.\n"}
	if err := b.ledger.Update(func(tx *store.Tx) error { return b.box.Put(tx, n) }); err != nil {
		b.t.Fatal(err)
	}
}

// round sends once what is due.
func (b *bench) round() (wait time.Duration) {
	b.t.Helper()
	wait, err := b.box.round(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return wait
}

func (b *bench) pass(d time.Duration) { b.now.Add(int64(d / time.Second)) }

func (b *bench) waiting(want int) {
	b.t.Helper()
	if n, _, err := b.box.Depth(); err != nil || n != want {
		b.t.Fatalf("%d messages wait, want %d: %v", n, want, err)
	}
}

// failures are the recorded ones.
func (b *bench) failures() (out []string) {
	b.t.Helper()
	if err := b.ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		out = append(out, r.What+" "+r.Target+" "+r.Why)
		return nil
	}); err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (r *smtpServer) sender() Relay {
	return Relay{Relay: relay.Relay{Addr: r.addr, Roots: r.roots}, From: "ne-pas-repondre@annuaire.example", Timeout: 3 * time.Second}
}

const contact = "zelie@exemple.fr"
