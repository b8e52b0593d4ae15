package alert_test

import (
	"context"
	"flag"
	"os"
	"slices"
	"strconv"
	"testing"

	"annuaire"
	"annuaire/fixtures"
	"annuaire/internal/alert"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/sync/run"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	flag.Parse()
	goleak.VerifyTestMain(m)
}

var ctx = context.Background()

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// loaded is a directory with made-up extracts, and the folder of these.
func loaded(t testing.TB, people int, seed uint64) (*directory.Directory, string) {
	t.Helper()
	from := t.TempDir()
	_, err := fixtures.Generate(ctx, fixtures.Options{People: people, Seed: seed, Out: from})
	ok(t, err)
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	rep, err := run.Sync(ctx, d, run.Options{From: []string{from}})
	ok(t, err)
	if rep.Outcome != store.OutcomeLoaded {
		t.Fatal(rep.Outcome)
	}
	return d, from
}

// soak is how many times longer the long form is.
func soak() int {
	n, _ := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK"))
	return max(1, n)
}

// Audience results equal a brute-force evaluation over the raw extract rows.
func TestAudiencesSelectWhomTheRowsSay(t *testing.T) {
	const people, seed = 4000, 12
	d, from := loaded(t, people, seed)
	rows := souls(t, from)
	j := judge{words: everydayWords(t), labels: map[string]string{"department:Corse-du-Sud": "2A", "department:Rhône": "69"}}
	p := newPool(rows, j.words, uint64(soak()))
	t.Run("the rows have the awkward places", func(t *testing.T) {
		for _, v := range []string{"2A", "2B", "974"} {
			if !slices.Contains(p.values["department"], v) || !slices.ContainsFunc(rowsOf(rows), func(s spot) bool { return s.department == v }) {
				t.Error("nobody in ", v)
			}
		}
		for _, city := range []string{"75056", "69123", "13055"} {
			if !slices.ContainsFunc(rowsOf(rows), func(s spot) bool { return len(s.communes) == 2 && s.communes[1] == city }) {
				t.Error("nobody in an arrondissement of ", city)
			}
		}
	})
	tries, empty, every := 400, 0, 0 // a few seconds; the long form has thousands
	if os.Getenv("ANNUAIRE_SOAK") != "" {
		tries = 100 * soak()
	}
	for range tries {
		a := p.audience()
		parsed, err := alert.Read(a.text())
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		m, err := parsed.Resolve()
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		var want []string
		for id, who := range rows {
			if j.selected(who, a) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		got, err := d.Select(ctx, annuaire.Selection{Where: m.Where, Counted: m.Counted})
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		if !slices.Equal(want, got.IDs) {
			t.Fatalf("%s\nselects %d people, the rows say %d\n%s", a, len(got.IDs), len(want), firstDifference(rows, want, got.IDs))
		}
		switch {
		case len(want) == 0:
			empty++
		case len(want) > len(rows)*9/10:
			every++
		}
	}
	t.Logf("%d people, %d audiences: %d select nobody, %d nearly everybody", len(rows), tries, empty, every)
	if empty > tries*6/10 || every > tries/2 {
		t.Fatal("the audiences tell too little apart")
	}
}

func firstDifference(rows map[string]*soul, want, got []string) string {
	for _, id := range want {
		if !slices.Contains(got, id) {
			return "not selected: " + describe(rows[id])
		}
	}
	for _, id := range got {
		if !slices.Contains(want, id) {
			return "selected: " + describe(rows[id])
		}
	}
	return ""
}

func rowsOf(people map[string]*soul) (out []spot) {
	for _, p := range people {
		out = append(out, p.spots...)
	}
	return out
}
