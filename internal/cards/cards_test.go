package cards_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/cards"
	"annuaire/internal/store"
)

const columns = "Type d'identifiant PP|Identifiant PP|Nom d'exercice|Prénom d'exercice|Code profession|Code type de carte|Libellé type de carte|Numéro carte|Identifiant national contenu dans la carte|Date début validité|Date fin validité|Date opposition|Date de mise à jour|\n"

func row(rpps, code, until, opposed string) string {
	return fmt.Sprintf("8|%s|EXEMPLE|Zélie|10|%s|Carte|2800000001|8%s|01/01/2024|%s|%s|01/11/2026|\n", rpps, code, rpps, until, opposed)
}

func latin(t testing.TB, s string) []byte {
	t.Helper()
	b, err := charmap.ISO8859_1.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ledger(t testing.TB) *store.Ledger {
	t.Helper()
	return ledgerAt(t, filepath.Join(t.TempDir(), "annuaire.db"))
}

func ledgerAt(t testing.TB, path string) *store.Ledger {
	t.Helper()
	l, err := store.OpenLedger(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func put(t testing.TB, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func zipped(t testing.TB, name string, b []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

var today = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func holds(t testing.TB, l *store.Ledger, rpps string) string {
	t.Helper()
	h, known, err := cards.Holds(l, "8"+rpps, today)
	if err != nil {
		t.Fatal(err)
	}
	return map[bool]string{true: map[bool]string{true: "yes", false: "no"}[h], false: "unknown"}[known]
}

func TestWhoHoldsACard(t *testing.T) {
	text := columns +
		row("99000000001", "0", "31/12/2027", "") +
		row("99000000002", "CPF", "31/12/2027", "") +
		row("99000000003", "0", "25/11/2026", "") +
		row("99000000004", "0", "26/11/2026", "") +
		row("99000000005", "0", "31/12/2027", "01/02/2026") +
		row("99000000006", "0", "", "") +
		row("99000000007", "0", "25/11/2026", "") + row("99000000007", "0", "2028-01-01", "") +
		row("99999900001", "0", "20280101", "")
	dir := t.TempDir()
	put(t, dir, "Porteurs_CPS_CPF_202611251200.txt", latin(t, text))
	path := filepath.Join(t.TempDir(), "annuaire.db")
	l := ledgerAt(t, path)
	if got := holds(t, l, "99000000001"); got != "unknown" {
		t.Error("before any file:", got)
	}
	rep, found, err := cards.Load(t.Context(), l, dir)
	if err != nil || !found || rep.Rows != 9 || rep.Holders != 6 || rep.Other != 2 || rep.Rejected != 0 {
		t.Fatalf("%+v %v %v", rep, found, err)
	}
	for _, tt := range []struct{ rule, rpps, want string }{
		{"a CPS counts", "99000000001", "yes"},
		{"a card of training does not", "99000000002", "no"},
		{"nor does one that has ended", "99000000003", "no"},
		{"on its last day it does", "99000000004", "yes"},
		{"an opposed one does not", "99000000005", "no"},
		{"one without an end does", "99000000006", "yes"},
		{"of several the latest counts", "99000000007", "yes"},
		{"whoever is in another shard is found", "99999900001", "yes"},
		{"somebody who is not in the file holds none", "99000000008", "no"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := holds(t, l, tt.rpps); got != tt.want {
				t.Error(got)
			}
		})
	}
	t.Run("whoever has no RPPS holds none", func(t *testing.T) {
		for _, id := range []string{"0123456789", "", "x", "8x"} {
			if h, known, err := cards.Holds(l, id, today); h || !known || err != nil {
				t.Error(id, h, known, err)
			}
		}
	})
	t.Run("nothing but ids and days is kept", func(t *testing.T) {
		for _, secret := range []string{"EXEMPLE", "2800000001"} {
			b, err := os.ReadFile(path)
			if err != nil || bytes.Contains(b, []byte(secret)) {
				t.Error(secret, err)
			}
		}
	})
	t.Run("the same file is not read again", func(t *testing.T) {
		if rep, _, err := cards.Load(t.Context(), l, dir); err != nil || !rep.Same {
			t.Error(rep, err)
		}
	})
	t.Run("a newer one replaces all of it", func(t *testing.T) {
		put(t, dir, "Porteurs_CPS_CPF_202611261200.zip", zipped(t, "Porteurs_CPS_CPF_202611261200.txt", latin(t, columns+row("99000000008", "0", "31/12/2027", ""))))
		rep, _, err := cards.Load(t.Context(), l, dir)
		last, lerr := cards.Last(l)
		if err != nil || rep.Holders != 1 || holds(t, l, "99000000008") != "yes" || holds(t, l, "99999900001") != "no" || lerr != nil || last.Holders != 1 {
			t.Error(rep, err, last, lerr)
		}
	})
	t.Run("an older one is left alone", func(t *testing.T) {
		if err := os.Remove(filepath.Join(dir, "Porteurs_CPS_CPF_202611261200.zip")); err != nil {
			t.Fatal(err)
		}
		if rep, _, err := cards.Load(t.Context(), l, dir); err != nil || !rep.Same || holds(t, l, "99000000008") != "yes" {
			t.Error(rep, err)
		}
	})
	t.Run("a folder without one changes nothing", func(t *testing.T) {
		if _, found, err := cards.Load(t.Context(), l, t.TempDir()); found || err != nil || holds(t, l, "99000000008") != "yes" {
			t.Error(found, err)
		}
	})
}

func TestFilesThatAreRefused(t *testing.T) {
	good := columns + row("99000000001", "0", "31/12/2027", "")
	for rule, tt := range map[string]struct {
		name string
		body []byte
	}{
		"without a column that is needed":     {"porteurs-cps-cpf.txt", latin(t, strings.Replace(good, "Date fin validité", "X", 1))},
		"without a row":                       {"porteurs-cps-cpf.txt", latin(t, columns)},
		"empty":                               {"porteurs-cps-cpf.txt", nil},
		"with rows of another file":           {"porteurs-cps-cpf.txt", latin(t, columns+strings.Repeat("a|b\n", 50))},
		"with dates that are none":            {"porteurs-cps-cpf.txt", latin(t, columns+row("99000000001", "0", "soon", ""))},
		"with a row of a megabyte":            {"porteurs-cps-cpf.txt", latin(t, columns+strings.Repeat("x|", 1<<19)+"\n")},
		"an archive that is none":             {"Porteurs_CPS_CPF_202611251200.zip", []byte("PK")},
		"an archive without a text":           {"Porteurs_CPS_CPF_202611251200.zip", zipped(t, "x.csv", []byte("x"))},
		"an archive that unfolds without end": {"Porteurs_CPS_CPF_202611251200.zip", zipped(t, "x.txt", latin(t, columns+strings.Repeat(row("99000000001", "0", "", ""), 60_000)))},
	} {
		t.Run(rule, func(t *testing.T) {
			l, dir := ledger(t), t.TempDir()
			put(t, dir, tt.name, tt.body)
			if rep, _, err := cards.Load(t.Context(), l, dir); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%+v %v", rep, err)
			}
			if got := holds(t, l, "99000000001"); got != "unknown" {
				t.Error("something was kept")
			}
		})
	}
	t.Run("a cancelled load keeps what was there", func(t *testing.T) {
		l, dir := ledger(t), t.TempDir()
		put(t, dir, "porteurs-cps-cpf.txt", latin(t, good))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := cards.Load(ctx, l, dir); err == nil || holds(t, l, "99000000001") != "unknown" {
			t.Error(err)
		}
	})
	t.Run("one bad row in two hundred is put up with", func(t *testing.T) {
		l, dir := ledger(t), t.TempDir()
		put(t, dir, "porteurs-cps-cpf.txt", latin(t, columns+strings.Repeat(row("99000000001", "0", "31/12/2027", ""), 199)+"bad\n"))
		if rep, _, err := cards.Load(t.Context(), l, dir); err != nil || rep.Rejected != 1 || holds(t, l, "99000000001") != "yes" {
			t.Error(rep, err)
		}
	})
}

// The store says of everybody what a plain table of the rows would say.
func TestHoldersAreThoseOfTheRows(t *testing.T) {
	l, dir := ledger(t), t.TempDir()
	stamp := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		model := map[string]bool{}
		text := columns
		for range rapid.IntRange(1, 60).Draw(rt, "rows") {
			rpps := fmt.Sprintf("99%09d", rapid.SampledFrom([]int{0, 1, 99_999, 100_000, 100_001, 5_000_000}).Draw(rt, "near")+rapid.IntRange(0, 3).Draw(rt, "off"))
			day := today.AddDate(0, 0, rapid.IntRange(-2, 2).Draw(rt, "day"))
			text += row(rpps, "0", day.Format("02/01/2006"), "")
			model[rpps] = model[rpps] || !day.Before(today.Truncate(24*time.Hour))
		}
		stamp = stamp.Add(time.Minute)
		put(t, dir, "Porteurs_CPS_CPF_"+stamp.Format("200601021504")+".txt", latin(t, text))
		if _, _, err := cards.Load(t.Context(), l, filepath.Join(dir, "Porteurs_CPS_CPF_"+stamp.Format("200601021504")+".txt")); err != nil {
			rt.Fatal(err)
		}
		for rpps, want := range model {
			if got := holds(t, l, rpps); got == "yes" != want {
				rt.Fatalf("%s: %s, want %v", rpps, got, want)
			}
		}
	})
}

func FuzzLoad(f *testing.F) {
	f.Add(latin(f, columns+row("99000000001", "0", "31/12/2027", "")))
	f.Add([]byte("Identifiant PP|Code type de carte|Date fin validit\xe9\n1|2|3"))
	f.Add([]byte("\xef\xbb\xbfIdentifiant PP|Code type de carte|Date fin validité\r\n99000000001|0|\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, dir := ledger(t), t.TempDir()
		put(t, dir, "porteurs-cps-cpf.txt", b)
		rep, _, err := cards.Load(t.Context(), l, dir)
		if err != nil {
			return
		}
		if rep.Rows == 0 || rep.Holders+rep.Other+rep.Rejected > rep.Rows {
			t.Fatalf("%+v", rep)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	var text strings.Builder
	text.WriteString(columns)
	for i := range 200_000 {
		text.WriteString(row(fmt.Sprintf("99%09d", i*7), "0", "31/12/2027", ""))
	}
	body := latin(b, text.String())
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		l, dir := ledger(b), b.TempDir()
		put(b, dir, "porteurs-cps-cpf.txt", body)
		if _, _, err := cards.Load(b.Context(), l, dir); err != nil {
			b.Fatal(err)
		}
	}
}
