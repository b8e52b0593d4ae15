package extract

import (
	"fmt"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// Row is one row. The zero Row is ready for ReadRow; the one Scan hands out is valid during the call only. A Row and the
// slices it gives belong to one goroutine.
type Row struct {
	Line   int64 // from 1, the header's; 0 where it cannot be known: ReadRow, and Scan with several workers
	Offset int64 // of its first byte in the text
	Len    int   // bytes, without the line end: what ReadRow needs

	table    *Table
	raw      []byte  // as in the file, without the line end and a trailing empty field
	text     []byte  // raw, or its cleaned copy
	ends     []int32 // of the fields of text
	key      uint64
	fallback bool // text was Windows-1252
	cleaned  bool // text had control characters

	clean, buf, scratch []byte // kept from row to row
}

// Get returns the trimmed value of a column: nil if the file has no such column, else not nil. It is UTF-8 without controls.
func (r *Row) Get(c Col) []byte {
	i := r.table.layout.pos[c]
	if i < 0 {
		return nil
	}
	lo, hi := r.span(int(i))
	return r.text[lo:hi:hi]
}

// span returns the bounds of field i within text, without spaces and no-break spaces (U+00A0) at either end.
func (r *Row) span(i int) (lo, hi int) {
	if i > 0 {
		lo = int(r.ends[i-1]) + 1
	}
	hi = int(r.ends[i])
	t := r.text
	for lo < hi {
		if t[lo] == ' ' {
			lo++
		} else if t[lo] == 0xC2 && lo+1 < hi && t[lo+1] == 0xA0 {
			lo += 2
		} else {
			break
		}
	}
	for lo < hi {
		if t[hi-1] == ' ' {
			hi--
		} else if t[hi-1] == 0xA0 && hi-2 >= lo && t[hi-2] == 0xC2 {
			hi -= 2
		} else {
			break
		}
	}
	return lo, hi
}

// Key is KeyOf the national identifier: never 0 in the PS files, 0 for a mailbox without holder.
func (r *Row) Key() uint64 { return r.key }

// Hash is xxHash64 of the row's bytes as they are in the file, without the line end and a trailing empty field. It does not
// survive a change of encoding or of columns; HashOf does.
func (r *Row) Hash() uint64 { return xxhash.Sum64(r.raw) }

// HashOf is xxHash64 of the trimmed values of cols, in that order. A column the file lacks counts as empty.
func (r *Row) HashOf(cols []Col) uint64 {
	r.scratch = r.scratch[:0]
	for len(cols) > 0 {
		lo, hi, n := r.straight(cols)
		if n == 0 {
			lo, hi, n = 0, 0, 1
			if i := r.table.layout.pos[cols[0]]; i >= 0 {
				lo, hi = r.span(int(i))
			}
		}
		r.scratch = append(append(r.scratch, r.text[lo:hi]...), '|')
		cols = cols[n:]
	}
	return xxhash.Sum64(r.scratch)
}

// straight returns the bounds of as many of the first of cols as stand one after the other in the file with nothing to trim: a structure is
// twenty columns, and this is asked of every row.
func (r *Row) straight(cols []Col) (lo, hi, n int) {
	pos := &r.table.layout.pos
	first := int(pos[cols[0]])
	if first < 0 {
		return 0, 0, 0
	}
	if first > 0 {
		lo = int(r.ends[first-1]) + 1
	}
	for from := lo; n < len(cols) && int(pos[cols[n]]) == first+n; n++ {
		to := int(r.ends[first+n])
		if from < to && (blank(r.text[from]) || blank(r.text[to-1])) {
			break
		}
		hi, from = to, to+1
	}
	return lo, hi, n
}

// blank reports whether a byte at either end of a field may be one of a space.
func blank(c byte) bool { return c == ' ' || c == 0xC2 || c == 0xA0 }

// AddressHash is xxHash64 of a mailbox's address in lower case, by which its rows are brought together.
func (r *Row) AddressHash() uint64 {
	r.scratch = appendLower(r.scratch[:0], r.Get(ColAddress))
	return xxhash.Sum64(r.scratch)
}

// parse makes r the row in line, which it keeps. It returns the reason for rejecting it, or "".
func (r *Row) parse(t *Table, line []byte) (reason string) {
	r.table, r.raw, r.text, r.key, r.fallback, r.cleaned = t, line, line, 0, false, false
	var m marks
	r.ends, m = split(line, r.ends[:0])
	width := len(t.layout.columns)
	if n := len(r.ends); n == width+1 && line[len(line)-1] == '|' {
		r.ends = r.ends[:width]
		r.raw = line[:len(line)-1]
		r.text = r.raw
	} else if n != width {
		return fmt.Sprintf("%d fields where the header has %d", n, width)
	}
	if m.control || m.high && dirtyHigh(r.text) {
		r.fallback = m.high && !utf8.Valid(r.text)
		r.cleaned = m.control || !r.fallback
		r.clean = appendClean(r.clean[:0], r.text, r.fallback)
		r.text = r.clean
		r.ends, _ = split(r.text, r.ends[:0])
	}
	return r.check()
}
