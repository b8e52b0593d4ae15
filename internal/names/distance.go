package names

// Distance is the optimal string alignment distance of two texts: insertions, deletions, substitutions and swaps of neighbours
// count 1. It costs the product of the lengths in runes: whoever asks bounds what a stranger sent.
func Distance(x, y string) int {
	a, b := []rune(x), []rune(y)
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// within is Distance for words of ASCII letters up to 32 bytes long, as far as max: anything more is max+1. It allocates nothing.
func within[T string | []byte](x, y T, max int) int {
	if len(x) > MaxWithin || len(y) > MaxWithin || len(x)-len(y) > max || len(y)-len(x) > max {
		return max + 1
	}
	var rows [3][MaxWithin + 1]uint8
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		last[j] = uint8(j)
	}
	leastBefore := uint8(0)
	for i := 1; i <= len(x); i++ {
		row[0] = uint8(i)
		least := row[0]
		for j := 1; j <= len(y); j++ {
			d := last[j-1]
			if x[i-1] != y[j-1] {
				d = min(d, last[j], row[j-1]) + 1
				if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
					d = min(d, before[j-2]+1)
				}
			}
			row[j] = d
			least = min(least, d)
		}
		if int(least) > max && int(leastBefore) > max { // a swap reaches back two rows
			return max + 1
		}
		before, last, row = last, row, before
		leastBefore = least
	}
	return min(int(last[len(y)]), max+1)
}

// MaxWithin is how many bytes of a word are compared for typing errors.
const MaxWithin = 32
