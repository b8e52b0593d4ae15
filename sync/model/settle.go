package model

// votes counts what rows say about one field.
type votes map[string]int

func (v votes) add(value string, n int) {
	if value != "" {
		v[value] += n
	}
}

// settle returns the value that most rows state; of equally frequent ones the greater in byte order; "" when none states any.
func (v votes) settle() string {
	best, n := "", 0
	for value, count := range v {
		if count > n || count == n && value > best {
			best, n = value, count
		}
	}
	return best
}
