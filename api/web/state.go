package web

import (
	"cmp"
	"slices"
	"time"

	"annuaire"
)

// State is the state of the data: how old it is, what came, changed and left, and who is where.
type State struct {
	AsOf      time.Time // of the PS files
	Mailboxes time.Time // of the MSSanté file; zero when none was loaded
	Now       time.Time
	Runs      []annuaire.Publication // the latest first

	People, Structures, Boxes int
	Professions, Specialties  []Choice
	Departments               map[string]Department // by code
	Kinds                     []Choice              // of boxes
}

// Department is the professionals of a département, and what the last updates did to them.
type Department struct {
	Code, Name string
	People     int
	Tally      annuaire.Counts // over the updates shown
}

// Age is how old the data is, in whole days.
func (s State) Age() int { return max(0, int(s.Now.Sub(s.AsOf).Hours()/24)) }

// State makes the page of the state of the data.
func (s *Site) State(v View, st State) ([]byte, error) {
	return s.render(v, "state", v.T("État des données", "State of the data"), st)
}

// Updates are the runs that were compared with what was there before, the oldest first: a first load is everything, and no change.
func (s State) Updates() (out []annuaire.Publication) {
	for i := len(s.Runs) - 1; i >= 0; i-- {
		if !s.Runs[i].Loaded || s.Runs[i].People.Changed+s.Runs[i].People.Gone > 0 {
			out = append(out, s.Runs[i])
		}
	}
	return out
}

// Charts are the updates of each kind of record.
func (s State) Charts(v View) []Chart {
	runs := s.Updates()
	chart := func(id, name string, of func(annuaire.Publication) annuaire.Counts) Chart {
		c := Chart{ID: id, Name: name}
		for _, r := range runs {
			c.Bars = append(c.Bars, bar{At: r.Extract, Run: r.Run, Tally: of(r)})
		}
		return c.scaled()
	}
	return []Chart{
		chart("people", v.T("Professionnels", "Professionals"), func(p annuaire.Publication) annuaire.Counts { return p.People }),
		chart("structures", v.T("Structures", "Structures"), func(p annuaire.Publication) annuaire.Counts { return p.Structures }),
		chart("boxes", v.T("Adresses MSSanté", "MSSanté addresses"), func(p annuaire.Publication) annuaire.Counts { return p.Boxes }),
	}
}

// Departed reports whether what became of the départements is known.
func (s State) Departed() bool {
	for _, d := range s.Departments {
		if d.Tally != (annuaire.Counts{}) {
			return true
		}
	}
	return false
}

// Listed are the départements by code.
func (s State) Listed() []Department {
	out := make([]Department, 0, len(s.Departments))
	for _, d := range s.Departments {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Department) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// busyDepartment is a département with the bar of what the updates did to it: Y and H of its parts lie along the bar.
type busyDepartment struct {
	Department
	Parts []Part
}

// maxBusy is how many départements are shown of those that changed most.
const maxBusy = 12

// Busiest are the départements that the updates shown touched most.
func (s State) Busiest() (out []busyDepartment) {
	list := s.Listed()
	total := func(d Department) int { return d.Tally.Total() }
	slices.SortStableFunc(list, func(a, b Department) int { return cmp.Compare(total(b), total(a)) })
	for _, d := range list[:min(maxBusy, len(list))] {
		if total(d) == 0 {
			break
		}
		out = append(out, busyDepartment{d, parts(d.Tally, chartWidth/float64(total(list[0])))})
	}
	return out
}
