package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// country writes an activity file of n rows, one person each, with as many surnames.
func country(n int) string {
	var b strings.Builder
	header := []string{"Identification nationale PP", "Nom d'exercice", "Prénom d'exercice", "Code profession", "Code savoir-faire",
		"Code mode exercice", "Raison sociale site", "Code commune (coord. structure)", "Libellé commune (coord. structure)",
		"Code postal (coord. structure)", "Bureau cedex (coord. structure)", "Code pays (coord. structure)"}
	b.WriteString(strings.Join(header, "|") + "\r\n")
	for i := range n {
		fmt.Fprintf(&b, "8990%08d|NOM%c%c|Zoé|%d|SM%02d|L|CENTRE HOSPITALIER|48095|Mende|48000|48000 MENDE|\r\n", i, 'A'+i%26, 'A'+i/26%26, 10+i%5, i%90)
	}
	return b.String()
}

func TestDraw(t *testing.T) {
	got, rows, err := drawFrom(t.Context(), strings.NewReader(country(2000)))
	if err != nil || rows != 2000 {
		t.Fatalf("%d rows, %v", rows, err)
	}
	for k, list := range got {
		seen := map[string]bool{}
		for _, in := range list {
			if seen[in.path] || in.kind != k {
				t.Errorf("%s: %s is asked twice, or is of kind %d", mix[k].name, in.path, in.kind)
			}
			seen[in.path] = true
		}
	}
	for name, c := range map[string]struct{ kind, want int }{
		"many values give thirty questions":                 {0, valuesPerKind},
		"five professions in one departement give five":     {5, 5},
		"surnames that all begin alike give one one-letter": {11, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if n := len(got[c.kind]); n != c.want {
				t.Errorf("%d questions, want %d", n, c.want)
			}
		})
	}
	t.Run("the same file gives the same questions", func(t *testing.T) {
		again, _, err := drawFrom(t.Context(), strings.NewReader(country(2000)))
		if d := cmp.Diff(got, again, cmp.AllowUnexported(instance{})); d != "" || err != nil {
			t.Error(d, err)
		}
	})
}

func TestDrawFails(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("disk")
	for name, c := range map[string]struct {
		ctx  context.Context
		in   io.Reader
		says string
	}{
		"on an empty file":               {t.Context(), strings.NewReader(""), "header"},
		"on a column missing":            {t.Context(), strings.NewReader("Nom d'exercice|x\n"), "person"},
		"when no row answers a question": {t.Context(), strings.NewReader(country(0)), "exact RPPS"},
		"when interrupted":               {gone, strings.NewReader(country(100_000)), "canceled"},
		"when reading does":              {t.Context(), io.MultiReader(strings.NewReader(country(3)), iotest.ErrReader(broken)), "disk"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := drawFrom(c.ctx, c.in); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want something about %s", err, c.says)
			}
		})
	}
}

func TestPoolIsUniform(t *testing.T) {
	const rows, runs = 10 * candidatesPerKind, 200
	rng := rand.New(rand.NewPCG(1, 1))
	firstHalf := 0
	for range runs {
		var p pool
		for i := range rows {
			if lot := rng.Uint64(); p.wants(lot) {
				p.put(lot, subject{id: fmt.Sprint(i)})
			}
		}
		if len(p.kept) != candidatesPerKind {
			t.Fatalf("%d kept", len(p.kept))
		}
		for _, s := range p.kept {
			var i int
			if _, err := fmt.Sscan(s.id, &i); err != nil {
				t.Fatal(err)
			}
			if i < rows/2 {
				firstHalf++
			}
		}
	}
	if share := float64(firstHalf) / (runs * candidatesPerKind); share < 0.48 || share > 0.52 {
		t.Errorf("%.3f of the sample is of the first half of the rows", share)
	}
}
