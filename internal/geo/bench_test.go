package geo

import (
	"testing"
)

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := load(communesGz, departmentsTSV, regionsTSV); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLocate(b *testing.B) {
	tables()
	for name, c := range map[string][5]string{
		"commune":  {"25462", "Pontarlier", "25304", "25304 PONTARLIER CEDEX", ""},
		"lastline": {"", "", "69890", "69890 TOUR DE SALVAGNY (LA)", ""},
		"cedex":    {"", "", "99999", "25304 NOWHERE CEDEX 9", ""},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Locate(c[0], c[1], c[2], c[3], c[4])
			}
		})
	}
}

func BenchmarkCitiesWithPrefix(b *testing.B) {
	for _, text := range []string{"s", "st et", "lyon 3"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				CitiesWithPrefix(text)
			}
		})
	}
}
