package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"annuaire/bench/rig"
	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// inMemory is our LDAP server of a few made-up entries.
func inMemory(t *testing.T, cards ...card.Card) *server {
	t.Helper()
	self := canned(t, nil)
	self.name, self.addr = oursName, ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(cards...)})
	return self
}

func TestOurClientReadsWhatAnotherOneDoes(t *testing.T) {
	s := inMemory(t, ldaptest.Many(2500)...)
	other, err := ldap.DialURL("ldap://" + s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for _, q := range []search{autocomplete("dupont00001"), autocomplete("jean"), quick("dupont000012"), outlook("dupont0000"), roundcube("0017"), {filter: "(sn=nobody)"}} {
		q.base, q.scope = base, 2
		r, err := q.encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := answerOf(t.Context(), s, r)
		if err != nil {
			t.Fatal(err)
		}
		want, err := other.Search(ldap.NewSearchRequest(base, q.scope, q.deref, q.size, q.time, false, q.filter, q.attrs, nil))
		var code *ldap.Error
		if errors.As(err, &code) != (got.code != 0) || code != nil && int(code.ResultCode) != got.code || len(want.Entries) != got.entries {
			t.Errorf("%s: %d entries, code %d; the other client has %d, %v", q.filter, got.entries, got.code, len(want.Entries), err)
		}
	}
}

func TestEverythingIsReadByPages(t *testing.T) {
	s := inMemory(t, ldaptest.Many(2500)...)
	path := filepath.Join(t.TempDir(), "book.ldif")
	x, err := export(t.Context(), s.addr, base, path)
	if err != nil || x.entries != 2501 { // the base too
		t.Fatalf("%d entries, %v", x.entries, err)
	}
	text, err := os.ReadFile(path)
	if n := strings.Count("\n"+string(text), "\ndn: mail=jean"); n != 2500 || err != nil {
		t.Errorf("%d written down, %v", n, err)
	}
	ask := pager(base)
	c, err := dial(t.Context(), s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, want := range []int{1000, 1000, 501, 1000} { // and again from the first
		if out, err := ask(c); err != nil || out.entries != want {
			t.Errorf("a page of %d, want %d (%v)", out.entries, want, err)
		}
	}
}

// The whole way of the peer: its schema learnt, ours added, our entries loaded, the same questions answered alike.
func TestSlapdHoldsTheSameEntries(t *testing.T) {
	p, err := findSlapd(filepath.Join(t.TempDir(), "slapd"), debian)
	if err != nil {
		t.Skip(err)
	}
	with := ldaptest.With
	ours := inMemory(t, append(ldaptest.Many(50), // addresses are ASCII, as those of the extracts
		ldaptest.Mailbox("Zelie", "MARTIN", with(card.CN, "Zélie MARTIN"), with(card.L, "Mende"), with(card.SecondEmail, "zelie.martin@hopital.formation.mssante.fr")),
		ldaptest.Mailbox("Jean", "DUPONT", with(card.Title, "Médecin"), with(card.O, "CLINIQUE DES LILAS"), with(card.TelephoneNumber, "+33472000000"), with(card.PostalAddress, "1 RUE$69001 LYON"),
			with(card.TypeIdentifiantPP, "8"), with(card.CodeProfession, "10"), with(card.C, "FR")),
		ldaptest.Mailbox("Paul", "O'BRIEN", with(card.L, "Brest")))...)
	schema, err := schemaOf(t.Context(), ours.addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.learn(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	ldif := filepath.Join(t.TempDir(), "book.ldif")
	x, err := export(t.Context(), ours.addr, base, ldif)
	if err != nil {
		t.Fatal(err)
	}
	p.conf.wide = true
	took, err := p.load(t.Context(), ldif)
	if err != nil || took.Disk == 0 {
		t.Fatalf("%+v, %v", took, err)
	}
	theirs, err := p.serve(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.stop()
	c, err := dial(t.Context(), theirs.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n, err := readPages(c, base, nil); n != x.entries || err != nil {
		t.Errorf("%d of %d entries, %v", n, x.entries, err)
	}
	var g agreement
	for _, q := range []search{autocomplete("dup"), autocomplete("d"), quick("lilas"), outlook("mar"), roundcube("brie"), sogo("dupo"), {filter: "(&(TypeBAL=PER)(o=CLINIQUE DES LILAS))"}} {
		q.base, q.scope = base, 2
		r, err := q.encode()
		if err != nil {
			t.Fatal(err)
		}
		a, err := answerOf(t.Context(), ours, r)
		b, err2 := answerOf(t.Context(), theirs, r)
		if err := errors.Join(err, err2); err != nil || a.refused() || b.refused() {
			t.Fatal(q.filter, a.outcome, b.outcome, err)
		}
		if a.entries == 0 {
			t.Errorf("%s finds nobody", q.filter)
		}
		g.add(r, a, b)
	}
	if g.names != g.asked {
		t.Errorf("%+v", g)
	}
	turn, err := take(t.Context(), theirs, asked{base: base, question: question{pages: true}}, 2, timing{lasts: 1, patience: 1 << 40, grace: 1 << 40})
	if err != nil || turn.done < 2 || turn.refused > 0 {
		t.Errorf("%+v, %v", turn, err)
	}
	if v := slapdVersion(t.Context()); !strings.HasPrefix(v, "slapd 2.") {
		t.Errorf("version %q", v)
	}
}

func TestWithoutSlapdTheTableSaysSo(t *testing.T) {
	at := places{programs: t.TempDir(), schemas: t.TempDir(), modules: t.TempDir()}
	why := func() string {
		_, err := findSlapd("", at)
		return rig.Why(slapdName, err)
	}
	if got := why(); !strings.HasPrefix(got, "not measured: slapd is not installed (apt-get install slapd") {
		t.Error(got)
	}
	for _, name := range []string{"slapd", "slapadd"} {
		if err := os.WriteFile(filepath.Join(at.programs, name), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got := why(); got != "not measured: slapd is installed without its schemas or modules" {
		t.Error(got)
	}
}

func TestAServerThatEndsIsNotWaitedFor(t *testing.T) {
	c, err := rig.Spawn(rig.Command(t.Context(), 15, "true"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := started(t.Context(), c, "some server", "127.0.0.1:1", base); err == nil || !strings.Contains(err.Error(), "some server ended before it answered") {
		t.Errorf("got %v", err)
	}
}
