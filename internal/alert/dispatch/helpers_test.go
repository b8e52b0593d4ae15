package dispatch

import (
	"context"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"annuaire"
	"annuaire/internal/alert/spool"
	"annuaire/internal/relay"
	"annuaire/internal/store"
)

// people is a directory of one audience: whoever is in the list. "nobody" selects nobody.
type people struct {
	list []spool.Recipient
}

func (people) Read(_ context.Context, form string) (string, error) {
	switch form {
	case "wrong(":
		return "", annuaire.Invalid("audience", "parenthèse", "bracket").Because("audience_syntax")
	case "@measles":
		return "profession:médecin", nil
	}
	return form, nil
}

func (p people) Look(_ context.Context, s Selection) (annuaire.AudiencePreview, error) {
	l := annuaire.AudiencePreview{Text: "audience : " + s.Audience, Broad: s.Audience == "everyone", Selected: len(p.list) + 1}
	if s.Audience == "nobody" {
		return annuaire.AudiencePreview{Selected: 3}, nil
	}
	for _, r := range p.list {
		if r.RedListed && !s.RedList {
			continue
		}
		l.Reachable++
		if r.RedListed {
			l.RedListed++
		}
	}
	return l, nil
}

func (p people) Freeze(ctx context.Context, s Selection) (Frozen, error) {
	l, err := p.Look(ctx, s)
	l.Seq, l.AsOf = 42, time.Date(2026, 11, 1, 3, 12, 0, 0, time.UTC)
	z := Frozen{AudiencePreview: l, List: func(yield func(spool.Recipient, error) bool) {
		for _, r := range p.list {
			if (!r.RedListed || s.RedList) && !yield(r, nil) {
				return
			}
		}
	}}
	return z, err
}

func crowd(n int) (out []spool.Recipient) {
	for i := range n {
		out = append(out, spool.Recipient{Address: fmt.Sprintf("p%07d@d%02d.formation.mssante.fr", i, i%13), ID: fmt.Sprintf("8%011d", i),
			Department: fmt.Sprintf("%02d", 1+i%5), Profession: fmt.Sprint(10 + i%3*11), RedListed: i%10 == 9})
	}
	return out
}

// inbox is a real SMTP server that keeps who received which Message-IDs. fate, if not nil, says what happens to a message; it is called at
// RCPT ("rcpt") and after the data ("data").
type inbox struct {
	mu     sync.Mutex
	got    map[string][]string
	order  []string // the alert of each message, as they came
	last   string
	count  int
	fate   func(stage, to string) error
	sender func() error         // what MAIL FROM is answered
	drop   func(to string) bool // break the connection after the data was taken
	news   chan struct{}

	addr string
	srv  *smtp.Server
	done chan struct{}
}

func newInbox(t testing.TB) *inbox {
	t.Helper()
	b := &inbox{got: map[string][]string{}, news: make(chan struct{}, 1), addr: "127.0.0.1:0"}
	b.open(t)
	t.Cleanup(b.close)
	return b
}

func (b *inbox) open(t testing.TB) {
	t.Helper()
	ln, err := net.Listen("tcp", b.addr)
	if err != nil {
		t.Fatal(err)
	}
	b.addr = ln.Addr().String()
	b.srv, b.done = smtp.NewServer(b), make(chan struct{})
	b.srv.Domain = "relay.example"
	b.srv.ErrorLog = quiet{}
	go func(s *smtp.Server, done chan struct{}) { defer close(done); _ = s.Serve(ln) }(b.srv, b.done)
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// close ends the server at once, with every connection.
func (b *inbox) close() { _ = b.srv.Close(); <-b.done }

func (b *inbox) relays() []relay.Relay { return []relay.Relay{{Addr: b.addr, Security: relay.Plain}} }

func (b *inbox) NewSession(c *smtp.Conn) (smtp.Session, error) { return &visit{b: b, c: c}, nil }

type visit struct {
	b  *inbox
	c  *smtp.Conn
	to string
}

func (v *visit) Mail(string, *smtp.MailOptions) error {
	v.b.mu.Lock()
	defer v.b.mu.Unlock()
	if v.b.sender == nil {
		return nil
	}
	return v.b.sender()
}

func (*visit) Reset()        {}
func (*visit) Logout() error { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	return v.b.decided("rcpt", to)
}

// decide sets what happens from now on.
func (b *inbox) decide(fate func(stage, to string) error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fate = fate
}

func (b *inbox) decided(stage, to string) error {
	b.mu.Lock()
	f := b.fate
	b.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(stage, to)
}

func (b *inbox) has(s string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.got[s]) > 0
}

func (v *visit) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := v.b.decided("data", v.to); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(all), "Message-ID: <")
	id, _, _ := strings.Cut(rest, ">")
	v.b.mu.Lock()
	v.b.got[v.to] = append(v.b.got[v.to], id)
	alert, _, _ := strings.Cut(id, ".")
	v.b.order = append(v.b.order, alert)
	v.b.last = string(all)
	v.b.count++
	v.b.mu.Unlock()
	select {
	case v.b.news <- struct{}{}:
	default:
	}
	v.b.mu.Lock()
	drop := v.b.drop
	v.b.mu.Unlock()
	if drop != nil && drop(v.to) {
		_ = v.c.Conn().Close()
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (b *inbox) total() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.count
}

// clock is a time that a test moves.
type clock struct{ ns atomic.Int64 }

func newClock(t time.Time) *clock {
	c := &clock{}
	c.ns.Store(t.UnixNano())
	return c
}

func (c *clock) now() time.Time       { return time.Unix(0, c.ns.Load()) }
func (c *clock) pass(d time.Duration) { c.ns.Add(int64(d)) }

// await waits until a condition holds.
func await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

var (
	writer   = annuaire.Caller{ID: "aaaaaa", Name: "Dr Anne Auteur", Roles: []annuaire.Role{annuaire.RoleAlertAuthor}, Proof: "token"}
	approver = annuaire.Caller{ID: "bbbbbb", Name: "Dr Bruno Valideur", Roles: []annuaire.Role{annuaire.RoleAlertApprover}, Proof: "token"}
	clerk    = annuaire.Caller{ID: "cccccc", Name: "Cellule", Roles: []annuaire.Role{annuaire.RoleAlertAddresses}, Proof: "token"}
	stranger = annuaire.Caller{ID: "dddddd", Name: "Lecteur", Roles: []annuaire.Role{annuaire.RoleReader}}
)

const sender = "alertes@dgs.formation.mssante.fr"

func letterhead() Letterhead { return Letterhead{Issuer: "DGS", From: sender, Training: true} }

func options(b *inbox) Options {
	o := Options{Letterhead: letterhead(), PublicURL: "https://alertes.example.fr", Listed: func(d string) bool { return d == "dgs.formation.mssante.fr" },
		Seeds: []string{"essai@dgs.formation.mssante.fr"}, Sending: SenderOptions{RetryBase: 10 * time.Millisecond, TrainingDomain: "formation.mssante.fr"}}
	if b != nil {
		o.Sending.Relays = b.relays()
	}
	return o
}

func draft() annuaire.AlertDraft {
	return annuaire.AlertDraft{Title: annuaire.Bilingual{FR: "Rougeole dans le Rhône"}, Summary: annuaire.Bilingual{FR: "Vérifiez le statut vaccinal."},
		Text:     annuaire.Bilingual{FR: "Des cas groupés de rougeole sont signalés.\n\nVoir https://sante.gouv.fr/rougeole pour la conduite à tenir."},
		Severity: annuaire.SeveritySevere, Urgency: "immediate", Certainty: "observed", Expires: time.Now().Add(48 * time.Hour),
		Legal: "Article L. 4001-2 du code de la santé publique", Area: "Rhône, Ain, Isère", Audience: "profession:médecin department:69,01,38", RedList: true, Public: true}
}

// bench is a desk over a ledger in a folder.
type bench struct {
	*Desk
	t      testing.TB
	dir    string
	ledger *store.Ledger
}

func newBench(t testing.TB, dir string, a Audiences, o Options) *bench {
	t.Helper()
	l, err := store.OpenLedger(filepath.Join(dir, "annuaire.db"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDesk(l, filepath.Join(dir, "alerts"), a, o)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{d, t, dir, l}
	t.Cleanup(b.shut)
	return b
}

func (b *bench) shut() { _ = b.Close(); _ = b.ledger.Close() }

// run sends until the test ends, or stop is called.
func (b *bench) run() (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				b.t.Error(err)
			}
		})
	}
	b.t.Cleanup(stop)
	return stop
}

// submitted brings a draft to its approvers.
func (b *bench) submitted(d annuaire.AlertDraft) annuaire.Alert {
	b.t.Helper()
	a, err := b.Create(b.t.Context(), writer, d)
	if err == nil {
		_, err = b.Test(b.t.Context(), writer, a.ID)
	}
	if err == nil {
		a, err = b.Submit(b.t.Context(), writer, a.ID, annuaire.AlertOrder{Everyone: true}, 0)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

// approved brings it on.
func (b *bench) approved(d annuaire.AlertDraft) annuaire.Alert {
	b.t.Helper()
	a, err := b.Approve(b.t.Context(), approver, b.submitted(d).ID, annuaire.AlertOrder{Everyone: true}, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b *bench) state(id string) annuaire.AlertState {
	b.t.Helper()
	a, err := b.Alert(b.t.Context(), approver, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return a.State
}

func (b *bench) counts(id string) annuaire.AlertCounts {
	b.t.Helper()
	r, err := b.Report(b.t.Context(), approver, id)
	if err != nil {
		b.t.Fatal(err)
	}
	return r.Counts
}
