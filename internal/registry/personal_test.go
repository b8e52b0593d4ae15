package registry

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// town is a directory of people who come and go.
type town struct {
	mu     sync.Mutex
	people map[string]annuaire.Professional
	boxes  map[string][]annuaire.Mailbox // national ones, by holder
	fail   error
}

func (d *town) Professional(_ context.Context, id string) (it annuaire.Item[annuaire.Professional], err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		return it, d.fail
	}
	p, ok := d.people[id]
	if !ok {
		return it, annuaire.Errorf(annuaire.CodeGone, "id", "partie", "gone", nil)
	}
	return annuaire.Item[annuaire.Professional]{Value: p, Mailboxes: d.boxes[id]}, nil
}

func (d *town) SearchProfessionals(context.Context, annuaire.Query) (annuaire.Page[annuaire.Professional], error) {
	panic("not searched here")
}

func (d *town) leave(id string) annuaire.Professional {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.people[id]
	delete(d.people, id)
	return p
}

func (d *town) come(p annuaire.Professional) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[p.ID] = p
}

// post keeps notices in the ledger, in the transaction of their cause as the real outbox does.
type post struct{ wakes int }

var posted = store.NewTable[annuaire.Notice]("posted")

func (*post) Put(tx *store.Tx, n annuaire.Notice) error {
	seq, err := posted.Sequence(tx)
	if err != nil {
		return err
	}
	return posted.Put(tx, strconv.FormatUint(1_000_000+seq, 10), n)
}
func (p *post) Wake() { p.wakes++ }
func (*post) Forget(tx *store.Tx, person string) (n int, err error) {
	var keys []string
	err = posted.Each(tx, "", "", func(k string, n annuaire.Notice) (bool, error) {
		if n.Person == person {
			keys = append(keys, k)
		}
		return true, nil
	})
	for _, k := range keys {
		if err == nil {
			err = posted.Delete(tx, k)
		}
	}
	return len(keys), err
}
func (*post) Waiting(tx *store.Tx, person string) (out []string, err error) {
	return out, posted.Each(tx, "", "", func(_ string, n annuaire.Notice) (bool, error) {
		if n.Person == person {
			out = append(out, n.Subject)
		}
		return true, nil
	})
}

const (
	domain  = "mss.operateur.mssante.fr"
	address = "zelie.exemple@" + domain
	zelie   = "899012345679" // holds address
	second  = "899000000001"
)

var (
	ctx    = context.Background()
	opened = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

func delegateID(i int) string { return "8990000000" + strconv.Itoa(10+i) }

func someone(id, family, given string) annuaire.Professional {
	return annuaire.Professional{ID: id, Family: family, Given: given, Practices: []annuaire.Practice{{Profession: annuaire.Coded{Code: "10", Label: "Médecin"}}}}
}

func professional(id string) annuaire.Caller {
	return annuaire.Caller{ID: "pro:" + id, Roles: []annuaire.Role{annuaire.RoleProfessional}, Professional: id, Proof: "oidc"}
}

func operator(domains ...string) annuaire.Caller {
	return annuaire.Caller{ID: "tok001", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: domains}
}

var local = annuaire.Caller{ID: "local", Roles: []annuaire.Role{annuaire.RoleAdmin}, From: "local"}

// world is a Personal with Zélie, her box, which may be delegated, and people to delegate it to.
type world struct {
	t      testing.TB
	path   string
	ledger *store.Ledger
	town   *town
	post   *post
	policy Policy
	clock  time.Time
	*Personal
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, path: filepath.Join(t.TempDir(), "annuaire.db"), town: &town{people: map[string]annuaire.Professional{}, boxes: map[string][]annuaire.Mailbox{}}, post: &post{}, clock: opened.Add(time.Hour)}
	w.town.come(someone(zelie, "EXEMPLE", "Zélie"))
	w.town.come(someone(second, "SECOND", "Paul"))
	for i := range 14 {
		w.town.come(someone(delegateID(i), "DELEGATAIRE"+strconv.Itoa(i), "Anne"))
	}
	w.policy = Policy{Delegable: func(d string) bool { return d == domain }, Listed: func(d string) bool { return d == "liste.exemple.fr" }, Terms: "2026-01", Apicrypt: "interop-mssante.apicrypt.org"}
	w.open()
	t.Cleanup(func() { _ = w.ledger.Close() })
	w.putBox(func(*annuaire.Registered) {})
	return w
}

func (w *world) open() {
	w.t.Helper()
	var err error
	if w.ledger, err = store.OpenLedger(w.path); err != nil {
		w.t.Fatal(err)
	}
	w.Personal = w.with(w.post)
}

func (w *world) with(o Outbox) *Personal {
	return NewPersonal(w.ledger, w.town, o, PersonalOptions{Policy: func() Policy { return w.policy }, Now: func() time.Time { return w.clock }})
}

func (w *world) restart() {
	w.t.Helper()
	if err := w.ledger.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

func (w *world) update(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.ledger.Update(fn); err != nil {
		w.t.Fatal(err)
	}
}

// putBox writes Zélie's box as edit changes it.
func (w *world) putBox(edit func(*annuaire.Registered)) {
	w.t.Helper()
	b := annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: zelie, Family: "EXEMPLE", Given: "Zélie", Operator: domain, Created: opened, Changed: opened, Version: 1}
	edit(&b)
	w.update(func(tx *store.Tx) error {
		was, _, err := boxes.Get(tx, b.Address)
		if err := errors.Join(err, boxesHeld.Delete(tx, pair(was.Holder, b.Address)), boxesHeld.Put(tx, pair(b.Holder, b.Address), struct{}{})); err != nil {
			return err
		}
		return boxes.Put(tx, b.Address, b)
	})
}

func (w *world) delegate(id string) annuaire.Grant {
	w.t.Helper()
	g, err := w.Delegate(ctx, professional(zelie), address, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) account(id, contact string) {
	w.t.Helper()
	if _, _, err := w.PutAccount(ctx, professional(id), annuaire.AccountChange{Contact: contact, Terms: "2026-01"}, ""); err != nil {
		w.t.Fatal(err)
	}
}

// mail returns who was written to since it was last asked, sorted, and the notices.
func (w *world) mail() (to []string, all []annuaire.Notice) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		var keys []string
		err := posted.Each(tx, "", "", func(k string, n annuaire.Notice) (bool, error) {
			keys, all, to = append(keys, k), append(all, n), append(to, n.To)
			return true, nil
		})
		for _, k := range keys {
			if err == nil {
				err = posted.Delete(tx, k)
			}
		}
		return err
	})
	slices.Sort(to)
	return to, all
}

// audited returns the lines of the audit: what, target, who, why.
func (w *world) audited() (out []string) {
	w.t.Helper()
	if err := w.ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		out = append(out, strings.TrimSpace(strings.Join([]string{r.What, r.Target, r.Who, r.Why}, " ")))
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) lastAudit() string {
	all := w.audited()
	return all[len(all)-1]
}

// ruled checks that err breaks a rule, with a code, and a sentence in each language that names nobody.
func ruled(t testing.TB, err error, rule string, code annuaire.Code) {
	t.Helper()
	if annuaire.RuleOf(err) != rule || annuaire.CodeOf(err) != code {
		t.Fatalf("%v: rule %q code %q, want %q %q", err, annuaire.RuleOf(err), annuaire.CodeOf(err), rule, code)
	}
	e := err.(*annuaire.Error)
	if e.Message == "" || e.English == "" || e.Message == e.English {
		t.Errorf("%s: %q %q", rule, e.Message, e.English)
	}
	for _, s := range []string{address, zelie, "EXEMPLE"} {
		if strings.Contains(e.Message+e.English, s) {
			t.Errorf("%s names somebody: %q", rule, e.Message)
		}
	}
}
