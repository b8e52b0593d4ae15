package mask

import (
	"slices"
	"strings"
)

// patients adds the cuts of the local parts of patients' addresses.
func (t text) patients(cuts []cut) []cut {
	for i := range t {
		if t[i].r != '@' || !t[i+1:].patientDomain() {
			continue
		}
		if from := t.localFrom(i); from < i {
			cuts = append(cuts, cut{t[from].from, t[i].from, Patient})
		}
	}
	return cuts
}

// patientDomain reports whether a text begins with a domain that holds the word patient and is of MSSanté, however dots are written.
func (t text) patientDomain() bool {
	var b strings.Builder
	for i := range t {
		r := t[i].r
		if r == '\u3002' || r == '\uff0e' || r == '\uff61' {
			r = '.'
		}
		if r != '.' && r != '-' && !digit(r) && (r < 'a' || r > 'z') || b.Len() > 253 {
			break
		}
		b.WriteRune(r)
	}
	labels := strings.Split(b.String(), ".")
	return slices.Contains(labels, "patient") && slices.Contains(labels, "mssante")
}

// localFrom returns where the local part that ends at i begins. Digits before a space belong to it: "1 85 05@".
func (t text) localFrom(i int) int {
	from := i
	for from > 0 {
		r := t[from-1].r
		if strings.ContainsRune("()<>\"'=&?/,;:|\n\r", r) {
			break
		}
		if !separator(r) || strings.ContainsRune(".-_+*", r) { // no kind of space
			from--
			continue
		}
		before := from - 1
		for before > 0 && separator(t[before-1].r) {
			before--
		}
		if before == 0 || from == i || !digit(t[before-1].r) || !digit(t[from].r) {
			break
		}
		from = before
	}
	return from
}
