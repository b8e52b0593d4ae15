package extract

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"annuaire"
)

// choose picks one generation of the PS files and one MSSanté file out of what was found.
func (f *finder) choose() (Sources, error) {
	var people, boxes []File
	files := slices.CompactFunc(f.files, func(a, b File) bool { return a.Path == b.Path && a.Member == b.Member })
	for _, file := range files {
		if file.Kind == Mailboxes {
			boxes = append(boxes, file)
		} else {
			people = append(people, file)
		}
	}
	sets := groupSets(people)
	i := slices.IndexFunc(sets, func(s *set) bool { return s.full() && !s.apart() })
	if i < 0 {
		if len(f.broken) > 0 {
			return Sources{}, f.broken[0].err
		}
		return Sources{}, missing(sets, boxes)
	}
	out := Sources{People: sets[i].files, PeopleStamp: sets[i].stamp, Older: f.notes}
	for j, s := range sets {
		out.Older = append(out.Older, leftAside(s, sets[i], j == i)...)
	}
	slices.SortStableFunc(boxes, newest)
	for j, b := range boxes {
		if j == 0 {
			out.Mailboxes = &boxes[0]
			continue
		}
		out.Older = append(out.Older, fmt.Sprintf("%s left aside: %s", b.Name(), than(b.Stamp, boxes[0].Stamp)))
	}
	return out, f.judgeBroken(&out)
}

// leftAside describes what is not read of a set.
func leftAside(s, chosen *set, isChosen bool) []string {
	if isChosen {
		var out []string
		for _, f := range s.extra {
			out = append(out, fmt.Sprintf("%s left aside: the same extract is there twice", f.Name()))
		}
		return out
	}
	why := than(s.stamp, chosen.stamp)
	switch {
	case !s.full():
		why = "incomplete set, without " + strings.Join(lacking(s), ", ")
	case s.apart():
		why = "undated files more than 24 h apart"
	}
	return []string{fmt.Sprintf("%s left aside: %s", strings.Join(fileNames(s.list()), ", "), why)}
}

func than(t, chosen time.Time) string {
	if t.Equal(chosen) {
		return "the same date as what is read, " + day(chosen)
	}
	return fmt.Sprintf("of %s, older than %s", day(t), day(chosen))
}

// judgeBroken lets an unreadable archive pass only when it is older than what is read in its place: a truncated download of
// today must not quietly mean yesterday's data.
func (f *finder) judgeBroken(out *Sources) error {
	for _, b := range f.broken {
		name := File{Path: b.path}.Name()
		older := b.stamp.Before(out.PeopleStamp)
		if strings.HasPrefix(strings.ToLower(name), "extraction") {
			older = out.Mailboxes != nil && b.stamp.Before(out.Mailboxes.Stamp)
		}
		if !older {
			return b.err
		}
		out.Older = append(out.Older, name+" left aside: older, and not readable")
	}
	return nil
}

// missing words the lack of a complete set: what the newest partial one lacks, and all that was found.
func missing(sets []*set, boxes []File) error {
	var found []File
	lack := lacking(newSet(false))
	apart := false
	for i, s := range sets {
		if i == 0 {
			lack, apart = lacking(s), s.full()
		}
		found = append(found, s.list()...)
	}
	found = append(found, boxes...)
	if len(found) == 0 {
		return annuaire.Invalid("from", "aucun extrait trouvé (noms attendus : %s)", "no extract found (expected names: %s)", expectedNames)
	}
	names := strings.Join(fileNames(found), ", ")
	if apart {
		return annuaire.Invalid("from", "les trois fichiers PS, sans date dans leur nom, ont plus de 24 h d'écart ; trouvé : %s",
			"the three PS files, undated, are more than 24 h apart; found: %s", names)
	}
	return annuaire.Invalid("from", "jeu de fichiers PS incomplet, il manque %s ; trouvé : %s",
		"incomplete set of PS files, missing %s; found: %s", strings.Join(lack, ", "), names)
}

func lacking(s *set) []string {
	var out []string
	for _, k := range PeopleKinds() {
		if _, ok := s.files[k]; ok {
			continue
		}
		name := k.String()
		if s.dated {
			name += "_" + s.stamp.Format(stampLayout)
		}
		out = append(out, name)
	}
	return out
}

// fileNames lists at most a dozen names: enough to see what is wrong.
func fileNames(files []File) []string {
	const most = 12
	var out []string
	for i, f := range files {
		if i == most {
			return append(out, fmt.Sprintf("… (%d)", len(files)))
		}
		out = append(out, f.Name())
	}
	return out
}

func day(t time.Time) string { return t.Format("2006-01-02 15:04") }
