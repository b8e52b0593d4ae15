package postings

import "encoding/binary"

// What the portable form of a roaring bitmap begins with, and the sizes on which its containers depend
// (https://github.com/RoaringBitmap/RoaringFormatSpec).
const (
	cookieRuns   = 12347 // some container is runs
	cookieNoRuns = 12346
	noOffsets    = 4 // with runs, fewer containers than this come without their offsets
	mostInArray  = 1 << 12
	bitmapSize   = 1 << 13
)

// container is 65536 documents of a set: those that have the same upper half.
type container struct {
	docs []uint32
	runs int // of documents one after the other
}

func (c container) byRuns() bool { return 2+4*c.runs < min(2*len(c.docs), bitmapSize) }

func (c container) size() int {
	switch {
	case c.byRuns():
		return 2 + 4*c.runs
	case len(c.docs) <= mostInArray:
		return 2 * len(c.docs)
	}
	return bitmapSize
}

// appendSet appends documents, ascending and not empty, as roaring writes a bitmap that it has optimized, without making one: a build writes
// millions.
func appendSet(b []byte, docs []uint32, room []container) []byte {
	all, runs := containers(docs, room[:0])
	if runs {
		b = binary.LittleEndian.AppendUint32(b, cookieRuns|uint32(len(all)-1)<<16)
		at := len(b)
		b = append(b, make([]byte, (len(all)+7)/8)...)
		for i, c := range all {
			if c.byRuns() {
				b[at+i/8] |= 1 << (i % 8)
			}
		}
	} else {
		b = binary.LittleEndian.AppendUint32(b, cookieNoRuns)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(all)))
	}
	for _, c := range all {
		b = binary.LittleEndian.AppendUint16(b, uint16(c.docs[0]>>16))
		b = binary.LittleEndian.AppendUint16(b, uint16(len(c.docs)-1))
	}
	if !runs || len(all) >= noOffsets {
		off := 8 + 8*len(all)
		if runs {
			off = 4 + (len(all)+7)/8 + 8*len(all)
		}
		for _, c := range all {
			b = binary.LittleEndian.AppendUint32(b, uint32(off))
			off += c.size()
		}
	}
	for _, c := range all {
		b = c.append(b)
	}
	return b
}

// containers cuts a set; runs tells whether one of them is best written as runs.
func containers(docs []uint32, room []container) (all []container, runs bool) {
	for from := 0; from < len(docs); {
		to, n := from+1, 1
		for ; to < len(docs) && docs[to]>>16 == docs[from]>>16; to++ {
			if docs[to] != docs[to-1]+1 {
				n++
			}
		}
		c := container{docs[from:to], n}
		room, runs, from = append(room, c), runs || c.byRuns(), to
	}
	return room, runs
}

func (c container) append(b []byte) []byte {
	switch {
	case c.byRuns():
		b = binary.LittleEndian.AppendUint16(b, uint16(c.runs))
		for from := 0; from < len(c.docs); {
			to := from + 1
			for to < len(c.docs) && c.docs[to] == c.docs[to-1]+1 {
				to++
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(c.docs[from]))
			b = binary.LittleEndian.AppendUint16(b, uint16(to-from-1))
			from = to
		}
	case len(c.docs) <= mostInArray:
		for _, d := range c.docs {
			b = binary.LittleEndian.AppendUint16(b, uint16(d))
		}
	default:
		at := len(b)
		b = append(b, make([]byte, bitmapSize)...)
		for _, d := range c.docs {
			b[at+int(uint16(d)>>3)] |= 1 << (d & 7)
		}
	}
	return b
}
