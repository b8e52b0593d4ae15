package run

import (
	"annuaire"
	"annuaire/internal/store"
)

// maxCountedByDepartment is above how many changes nobody is told where they are: a load, or other rules of ours, are everywhere.
const maxCountedByDepartment = 100_000

// byDepartments counts who came, changed and left by the départements where they practise; those who left, where they did. Somebody who
// practises in two counts in both. It names nobody.
func byDepartments(old store.Reader, entries []store.Entry) (map[string]annuaire.Counts, error) {
	if len(entries) > maxCountedByDepartment {
		return nil, nil
	}
	out := map[string]annuaire.Counts{}
	for _, e := range entries {
		if e.Kind != annuaire.KindPerson {
			continue
		}
		var p annuaire.Professional
		var err error
		if e.Op == annuaire.Gone {
			p, _, err = old.Person(e.ID)
		} else {
			err = store.Unpack(e.Record, &p)
		}
		if err != nil {
			return nil, err
		}
		for code := range groupsOfPerson(p)[byDepartment] {
			n := out[code]
			n.Add(e.Op)
			out[code] = n
		}
	}
	return out, nil
}
