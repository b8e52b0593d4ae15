package alert_test

import (
	"os"
	"strconv"
	"testing"

	"annuaire"
	"annuaire/internal/alert"
)

// benchPeople is the size of the benchmarks; ANNUAIRE_BENCH_PEOPLE asks for another: 2000000 is the country.
func benchPeople() int {
	if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_BENCH_PEOPLE")); err == nil {
		return n
	}
	return 200_000
}

// benchHidden puts some people on the red list, one in a hundred of those without a mailbox.
func benchHidden(b *testing.B, k *alert.Desk) (out redList) {
	a, err := alert.Read("everyone")
	ok(b, err)
	n := 0
	ok(b, k.Unreachable(ctx, a, true, func(it annuaire.Item[annuaire.Professional]) error {
		if n++; n%100 == 0 {
			out = append(out, onRedList(it.Value.ID+"@red.formation.mssante.fr", it.Value.ID))
		}
		return nil
	}))
	return out
}

func BenchmarkAudience(b *testing.B) {
	d, _ := loaded(b, benchPeople(), 1)
	k := desk(d, benchHidden(b, desk(d, nil, with)), with)
	for _, q := range []struct{ name, text string }{
		{"measles", "profession:médecin (specialty:généraliste,pédiatre,urgentiste) department:69,01,38 exclude(role:FON-48)"},
		{"doctors", "profession:médecin"}, // some 300 000 in the country
		{"doctors and nurses in town", "profession:médecin,infirmier setting:ville -region:11 exclude(category:E)"},
		{"everyone", "everyone"},
	} {
		a, err := alert.Read(q.text)
		ok(b, err)
		b.Run("preview/"+q.name, func(b *testing.B) {
			b.ReportAllocs()
			var p annuaire.AudiencePreview
			for b.Loop() {
				p, err = k.Preview(ctx, a, annuaire.PreviewOptions{Seed: 1})
				ok(b, err)
			}
			b.ReportMetric(float64(p.Selected), "people")
			b.ReportMetric(float64(p.Reachable), "reachable")
		})
	}
	for _, text := range []string{"everyone include(profession:99)", "everyone kind:PER,CAB,ORG"} {
		a, err := alert.Read(text)
		ok(b, err)
		b.Run("freeze/"+text, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				f, err := k.Freeze(ctx, a)
				ok(b, err)
				n = len(f.Recipients)
			}
			b.ReportMetric(float64(n), "recipients")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "recipients/s")
		})
	}
}
