package postings

import (
	"bufio"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"

	"github.com/RoaringBitmap/roaring/v2"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// part is where something stands in the file.
type part struct{ off, n uint64 }

// fieldParts is where a field stands.
type fieldParts struct {
	name                          string
	terms                         uint64
	text, ends, entries, postings part
}

// writer lays a segment out. Fields come first, each term in order, then documents, then finish.
type writer struct {
	w      *bufio.Writer
	crc    hash.Hash32
	off    uint64
	err    error
	fields []fieldParts

	text, posts, buf []byte // of the field being written
	ends             []uint32
	entries          []uint64
	room             [4]container // of nearly every segment there are two

	stored part
	docs   []uint64 // end of each document's stored values
	nested []uint32
}

func newWriter(w io.Writer) *writer {
	out := &writer{w: bufio.NewWriterSize(w, 1<<20), crc: crc32.New(castagnoli)}
	out.write([]byte(magic))
	return out
}

func (w *writer) write(b []byte) part {
	p := part{w.off, uint64(len(b))}
	if w.err == nil {
		_, _ = w.crc.Write(b)
		_, w.err = w.w.Write(b)
	}
	w.off += p.n
	return p
}

// term adds a term of the current field, greater than those before, with its documents, ascending and not empty.
func (w *writer) term(term []byte, docs []uint32) {
	w.text = append(w.text, term...)
	w.ends = append(w.ends, uint32(len(w.text)))
	if len(docs) == 1 {
		w.entries = append(w.entries, oneDoc|uint64(docs[0]))
		return
	}
	w.entries = append(w.entries, uint64(len(w.posts)))
	w.posts = binary.AppendUvarint(w.posts, uint64(len(docs)))
	if len(docs) <= few {
		last := uint32(0)
		for _, d := range docs {
			w.posts = binary.AppendUvarint(w.posts, uint64(d-last))
			last = d
		}
		return
	}
	w.buf = appendSet(w.buf[:0], docs, w.room[:])
	w.posts = binary.AppendUvarint(w.posts, uint64(len(w.buf)))
	w.posts = append(w.posts, w.buf...)
}

// endField writes the field whose terms have been added.
func (w *writer) endField(name string) {
	f := fieldParts{name: name, terms: uint64(len(w.ends)), text: w.write(w.text)}
	w.buf = w.buf[:0]
	for _, e := range w.ends {
		w.buf = binary.LittleEndian.AppendUint32(w.buf, e)
	}
	f.ends = w.write(w.buf)
	w.buf = w.buf[:0]
	for _, e := range w.entries {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, e)
	}
	f.entries = w.write(w.buf)
	f.postings = w.write(w.posts)
	w.fields = append(w.fields, f)
	w.text, w.posts, w.ends, w.entries = w.text[:0], w.posts[:0], w.ends[:0], w.entries[:0]
}

// document adds the next document: its stored values, as appendStored made them, and whether it is nested in one before it.
func (w *writer) document(values []byte, nested bool) {
	if nested {
		w.nested = append(w.nested, uint32(len(w.docs)))
	}
	p := w.write(values)
	if len(w.docs) == 0 {
		w.stored.off = p.off
	}
	w.stored.n += p.n
	w.docs = append(w.docs, w.stored.n)
}

func appendStored(b []byte, field int, value []byte) []byte {
	b = binary.AppendUvarint(b, uint64(field))
	b = binary.AppendUvarint(b, uint64(len(value)))
	return append(b, value...)
}

// finish writes the directory and returns the length of the segment.
func (w *writer) finish() (uint64, error) {
	w.buf = w.buf[:0]
	for _, e := range w.docs {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, e)
	}
	docEnds := w.write(w.buf)
	b := binary.AppendUvarint(nil, uint64(len(w.docs)))
	b = appendPart(appendPart(b, w.stored), docEnds)
	b = binary.AppendUvarint(b, uint64(len(w.fields)))
	for _, f := range w.fields {
		b = binary.AppendUvarint(b, uint64(len(f.name)))
		b = append(b, f.name...)
		b = binary.AppendUvarint(b, f.terms)
		for _, p := range []part{f.text, f.ends, f.entries, f.postings} {
			b = appendPart(b, p)
		}
	}
	set, err := roaring.BitmapOf(w.nested...).ToBytes()
	if err != nil {
		return 0, err
	}
	b = binary.AppendUvarint(b, uint64(len(set)))
	dir := w.write(append(b, set...))
	tail := binary.LittleEndian.AppendUint64(nil, dir.off)
	w.write(tail)
	w.write(binary.LittleEndian.AppendUint32(nil, w.crc.Sum32()))
	w.write([]byte(magic))
	if w.err == nil {
		w.err = w.w.Flush()
	}
	return w.off, w.err
}

func appendPart(b []byte, p part) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, p.off), p.n)
}
