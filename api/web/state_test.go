package web

import (
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/geo"
)

func TestEveryDepartmentHasItsTile(t *testing.T) {
	at := map[string]bool{}
	place := map[[2]int]string{}
	for _, x := range tileGrid {
		if at[x.Code] {
			t.Errorf("%s has two tiles", x.Code)
		}
		if other := place[[2]int{x.X, x.Y}]; other != "" {
			t.Errorf("%s lies on %s", x.Code, other)
		}
		if x.X*tileSize >= 480 || x.Y*tileSize >= 640 { // the viewBox in state.tmpl
			t.Errorf("%s is off the map: %d, %d", x.Code, x.X, x.Y)
		}
		at[x.Code], place[[2]int{x.X, x.Y}] = true, x.Code
	}
	for _, code := range geo.Departments() {
		if !at[code] {
			t.Errorf("%s has no tile", code)
		}
		delete(at, code)
	}
	if len(at) > 0 {
		t.Errorf("tiles of no département: %v", at)
	}
}

func TestShades(t *testing.T) {
	s := State{Departments: map[string]Department{}}
	for i, code := range geo.Departments() {
		s.Departments[code] = Department{Code: code, People: i * i}
	}
	n := map[int]int{}
	for _, x := range s.Tiles() {
		n[x.Shade]++
		if (x.People == 0) != (x.Shade == 0) || x.Shade > shades {
			t.Errorf("%s: %d people, shade %d", x.Code, x.People, x.Shade)
		}
	}
	for shade := 1; shade <= shades; shade++ {
		if n[shade] < 15 || n[shade] > 20 {
			t.Errorf("%d départements of shade %d", n[shade], shade)
		}
	}
}

func TestBars(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	s := State{Runs: []annuaire.Publication{
		{Run: "3", Extract: at.AddDate(0, 0, 2), People: annuaire.Counts{Created: 10, Changed: 20, Gone: 10}},
		{Run: "2", Extract: at.AddDate(0, 0, 1), People: annuaire.Counts{Created: 20}},
		{Run: "1", Extract: at, Loaded: true, People: annuaire.Counts{Created: 100_000}}}}
	people := s.Charts(View{})[0]
	if len(people.Bars) != 2 || people.Bars[0].Run != "2" || people.Highest != 40 {
		t.Fatalf("the oldest update first, the first load left out: %+v", people)
	}
	if b := people.Bars[0]; len(b.Parts) != 1 || b.Parts[0].H != chartHeight/2 || b.Parts[0].Y != chartHeight/2 {
		t.Errorf("half as much is half as high: %+v", b)
	}
	low := float64(chartHeight)
	for _, p := range people.Bars[1].Parts {
		if p.Y+p.H != low {
			t.Errorf("parts lie on each other: %+v", people.Bars[1])
		}
		low = p.Y
	}
	if low != 0 {
		t.Errorf("the highest bar is as high as the chart: %v", low)
	}
	if len(s.Charts(View{})[1].Bars[0].Parts) != 0 {
		t.Error("a kind that did not change has no bars")
	}
}
