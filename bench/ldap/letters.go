package main

import "annuaire/internal/names"

// letters knows which three letters follow each other somewhere in the names and addresses of the address book, accents folded: the
// others are what nobody is found by, though they are looked for.
type letters struct{ seen [26 * 26 * 26]bool }

// looked are the attributes that Thunderbird's autocomplete looks into.
var looked = []string{"cn", "mail", "givenName", "sn"}

func (l *letters) add(e entry) {
	for _, name := range looked {
		for _, v := range e.values(name) {
			l.text(names.Fold(v))
		}
	}
}

func (l *letters) text(v string) {
	for i := 0; i+3 <= len(v); i++ {
		if n, ok := index3(v[i : i+3]); ok {
			l.seen[n] = true
		}
	}
}

// index3 numbers three letters.
func index3(s string) (n int, ok bool) {
	for i := range 3 {
		c := s[i]
		if c < 'a' || c > 'z' {
			return 0, false
		}
		n = n*26 + int(c-'a')
	}
	return n, true
}

// absent returns up to n triples that occur nowhere, far from each other in the alphabet.
func (l *letters) absent(n int) (out []string) {
	var all []int
	for i, seen := range l.seen {
		if !seen {
			all = append(all, i)
		}
	}
	for k := range min(n, len(all)) {
		i := all[k*len(all)/min(n, len(all))]
		out = append(out, string([]byte{'a' + byte(i/676), 'a' + byte(i/26%26), 'a' + byte(i%26)}))
	}
	return out
}
