package extract

import (
	"encoding/binary"
	"math/bits"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
	lows  = ^uint64(highs)
)

// marks is what split met on its way, so that the rare row that needs cleaning costs the others nothing.
type marks struct {
	high    bool // bytes above ASCII
	control bool // ASCII controls
}

// split appends to ends the place of each "|" of text, then its length: field i is text[ends[i-1]+1 : ends[i]]. There is no
// quoting. It reads eight bytes at a time: separators are 56 in 350 bytes, too near each other for a call to IndexByte each.
func split(text []byte, ends []int32) ([]int32, marks) {
	var high, control uint64
	i := 0
	for ; i+8 <= len(text); i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		high |= w
		del := w ^ (0x7F * ones)
		control |= ((w - ' '*ones) &^ w) | ((del - ones) &^ del) // any byte below 0x20, any 0x7F: "any" is exact, "which" is not
		x := w ^ ('|' * ones)
		for m := ^((x&lows + lows) | x | lows); m != 0; m &= m - 1 { // exact: one bit per separator
			ends = append(ends, int32(i+bits.TrailingZeros64(m)>>3))
		}
	}
	for ; i < len(text); i++ {
		c := text[i]
		high |= uint64(c)
		if c < ' ' || c == 0x7F {
			control |= highs
		}
		if c == '|' {
			ends = append(ends, int32(i))
		}
	}
	return append(ends, int32(len(text))), marks{high: high&highs != 0, control: control&highs != 0}
}
