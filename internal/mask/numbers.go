package mask

// An INS is 13 characters (sex 1, year 2, month 2, département 2, commune 3, order 3) and often a key of 2. The département may be 2A or 2B.
const (
	short = 13
	long  = 15
)

// betweenDigits is how many separators may stand between two digits of one number.
const betweenDigits = 8

// numbers adds the cuts of everything that can be read as an INS.
func (t text) numbers(cuts []cut) []cut {
	for i := 0; i < len(t); i++ {
		if !digit(t[i].r) || t[i].r == '0' || i > 0 && digit(t[i-1].r) {
			continue
		}
		if end, ok := t.ins(i); ok {
			cuts = append(cuts, cut{t[i].from, t[end-1].to, INS})
			i = end - 1
		}
	}
	return cuts
}

// ins returns where the INS that begins at i ends, the longest that can be read.
func (t text) ins(i int) (end int, ok bool) {
	var groups []int // lengths of the parts that separators make
	group, n, gap := 0, 0, 0
	for j := i; j < len(t) && n < long; j++ {
		r := t[j].r
		switch {
		case digit(r), n == 6 && (r == 'a' || r == 'b') && t[j-1-gap].r == '2':
			if gap > 0 {
				groups, group, gap = append(groups, group), 0, 0
			}
			group++
			n++
			if n != short && n != long || j+1 < len(t) && digit(t[j+1].r) {
				continue
			}
			if usual(append(groups, group)) {
				end, ok = j+1, true
			}
		case separator(r) && gap < betweenDigits:
			gap++
		default:
			return end, ok
		}
	}
	return end, ok
}

// usual reports whether a number in parts of these lengths is an INS rather than an RPPS, FINESS, SIRET, SIREN or telephone number beside
// another number: it is cut where an INS is, or no part is as long as one of those.
func usual(groups []int) bool {
	at, cutAsINS, other := 0, true, false
	for i, g := range groups {
		if g >= 9 && g <= 12 || g == 14 {
			other = true
		}
		at += g
		if i < len(groups)-1 {
			switch at {
			case 1, 3, 5, 7, 10, 13:
			default:
				cutAsINS = false
			}
		}
	}
	return cutAsINS || !other
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

// separator is what people write between the parts of a number.
func separator(r rune) bool {
	switch r {
	case ' ', '\t', '.', '-', '_', '+', '*', '\u00a0', '\u202f', '\u2009', '\u2007', '\u2010', '\u2011', '\u2013', '\u200b', '\ufeff', '\u00ad':
		return true
	}
	return false
}
