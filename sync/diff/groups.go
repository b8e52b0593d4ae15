package diff

import "iter"

// Group is all the rows about one key, per file.
type Group struct {
	Key   uint64
	Files [][]Row
}

// Groups walks sorted files together, by ascending key. A group's slices are parts of files; Files is reused between calls.
func Groups(files ...[]Row) iter.Seq[Group] {
	return func(yield func(Group) bool) {
		rest := append([][]Row(nil), files...)
		g := Group{Files: make([][]Row, len(files))}
		for {
			found := false
			for _, f := range rest {
				if len(f) > 0 && (!found || f[0].Key < g.Key) {
					g.Key, found = f[0].Key, true
				}
			}
			if !found {
				return
			}
			for i, f := range rest {
				n := 0
				for n < len(f) && f[n].Key == g.Key {
					n++
				}
				g.Files[i], rest[i] = f[:n], f[n:]
			}
			if !yield(g) {
				return
			}
		}
	}
}

// Old is a record of the last load: its key, the print of the rows it was made from, and, carried along, its identifier and
// the hash of what it says.
type Old struct {
	Key     uint64
	Print   uint64
	ID      string
	Content uint64
}

// New is a record of this extract: its key and the print of its rows.
type New struct {
	Key   uint64
	Print uint64
}

// Verdict is what comparing prints tells about a key.
type Verdict uint8

// The verdicts.
const (
	Same    Verdict = iota // equal rows: nothing to decode
	Differs                // other rows: decode and compare
	Came                   // not in the last load
	Left                   // not in this extract
)

// Compare walks new and old records, both by ascending key, and yields a verdict for each key. Old is zero for Came.
func Compare(news iter.Seq[New], olds iter.Seq[Old]) iter.Seq2[Verdict, Old] {
	return func(yield func(Verdict, Old) bool) {
		next, stop := iter.Pull(olds)
		defer stop()
		old, more := next()
		for n := range news {
			for more && old.Key < n.Key {
				if !yield(Left, old) {
					return
				}
				old, more = next()
			}
			switch {
			case !more || old.Key != n.Key:
				if !yield(Came, Old{Key: n.Key}) {
					return
				}
			default:
				v := Same
				if old.Print != n.Print {
					v = Differs
				}
				if !yield(v, old) {
					return
				}
				old, more = next()
			}
		}
		for ; more; old, more = next() {
			if !yield(Left, old) {
				return
			}
		}
	}
}
