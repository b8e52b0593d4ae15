package main

import (
	"math/rand/v2"
	"strings"

	"annuaire/bench/rig"
)

// subject is a person's mailbox, from which the values of questions are drawn. Names are in lower case, as people type.
type subject struct {
	family, given         string
	mail                  string
	idType, id            string
	profession, specialty string
	department            string // its code
}

// subjectOf reads an entry; ok is false for what is nobody's mailbox, and for names with other characters than plain letters: what both
// servers compare in the same way.
func subjectOf(e entry) (s subject, ok bool) {
	s = subject{family: strings.ToLower(e.first("sn")), given: strings.ToLower(e.first("givenName")), mail: e.first("mail"),
		idType: e.first("TypeIdentifiantPP"), id: e.first("IdentifiantPP"), profession: e.first("codeProfession"),
		specialty: e.first("codeSpecialite"), department: codeOf(e.values("departement"))}
	return s, letters3(s.family) && letters3(s.given) && s.mail != "" && s.id != ""
}

// codeOf returns the code among the values of departement, which has its label first.
func codeOf(values []string) string {
	for _, v := range values {
		if len(v) > 1 && len(v) < 4 && v[0] >= '0' && v[0] <= '9' {
			return v
		}
	}
	return ""
}

// letters3 reports three letters or more from a to z, and nothing else.
func letters3(v string) bool {
	return len(v) >= 3 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz") == ""
}

// beginning returns the first n letters of a name, "" when it has fewer.
func beginning(name string, n int) string {
	if len(name) < n {
		return ""
	}
	return name[:n]
}

// sampleSize is how many people the values are drawn from.
const sampleSize = 20_000

// drawing is a uniform sample of the people offered: the k-th stays with a chance of sampleSize/k. The same people in the same order
// always give the same sample.
type drawing struct {
	rng  *rand.Rand
	seen int
	kept []subject
}

func newDrawing() *drawing { return &drawing{rng: rand.New(rand.NewPCG(rig.Seed, 3))} }

func (d *drawing) offer(s subject) {
	d.seen++
	if len(d.kept) < sampleSize {
		d.kept = append(d.kept, s)
	} else if i := d.rng.IntN(d.seen); i < sampleSize {
		d.kept[i] = s
	}
}

// drawn returns the sample in random order.
func (d *drawing) drawn() []subject {
	d.rng.Shuffle(len(d.kept), func(i, j int) { d.kept[i], d.kept[j] = d.kept[j], d.kept[i] })
	return d.kept
}
