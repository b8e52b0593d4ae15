package extract

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// readSize is how much lines asks of the file at a time: it fits a core's cache.
const readSize = 256 << 10

// lines walks over the lines that begin within [from, to) of a table's text. The last may end beyond to.
type lines struct {
	t          *Table
	buf        []byte
	start, end int   // what is read and not yet given out: buf[start:end]
	pos        int64 // offset in the text of buf[end]
	to         int64
}

// line is one line without its end; text is valid until the next call. Of a line above the limit only the length is kept.
type line struct {
	text   []byte
	offset int64
	size   int64 // of text
	long   bool
}

func newLines(t *Table, from, to int64) *lines {
	return &lines{t: t, buf: make([]byte, readSize), pos: from, to: to}
}

// reset makes l walk over another part of the same text, keeping its buffer.
func (l *lines) reset(from, to int64) { l.start, l.end, l.pos, l.to = 0, 0, from, to }

// offset returns where the next line begins.
func (l *lines) offset() int64 { return l.pos - int64(l.end-l.start) }

// next returns the next line, or io.EOF.
func (l *lines) next(ctx context.Context) (line, error) {
	at := l.offset()
	if at >= l.to || at >= l.t.size {
		return line{}, io.EOF
	}
	seen := 0 // of the window, bytes known to hold no line feed
	for {
		if i := bytes.IndexByte(l.buf[l.start+seen:l.end], '\n'); i >= 0 {
			text := l.buf[l.start : l.start+seen+i]
			l.start += seen + i + 1
			return l.cut(text, at), nil
		}
		seen = l.end - l.start
		if l.pos >= l.t.size {
			text := l.buf[l.start:l.end]
			l.start = l.end
			return l.cut(text, at), nil
		}
		if seen > l.t.opt.MaxLine+1 { // room for a CR
			return l.skip(ctx, at)
		}
		if err := l.fill(ctx); err != nil {
			return line{}, err
		}
	}
}

// cut drops the CR before a line feed and judges the length of the line.
func (l *lines) cut(text []byte, at int64) line {
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	return line{text: text, offset: at, size: int64(len(text)), long: len(text) > l.t.opt.MaxLine}
}

// skip reads over the rest of a line too long to keep.
func (l *lines) skip(ctx context.Context, at int64) (line, error) {
	last := l.buf[l.end-1]
	for {
		l.start = l.end
		if l.pos >= l.t.size {
			break
		}
		if err := l.fill(ctx); err != nil {
			return line{}, err
		}
		if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
			if i > 0 {
				last = l.buf[l.start+i-1]
			}
			l.start += i + 1
			size := l.offset() - 1 - at
			if last == '\r' {
				size--
			}
			return line{offset: at, size: size, long: true}, nil
		}
		last = l.buf[l.end-1]
	}
	return line{offset: at, size: l.pos - at, long: true}, nil
}

// toLineStart moves past the line that began before l's part, unless it goes on beyond it: then no line begins here.
func (l *lines) toLineStart(ctx context.Context) error {
	for l.offset() < l.to && l.offset() < l.t.size {
		if err := l.fill(ctx); err != nil {
			return err
		}
		if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
			l.start += i + 1
			return nil
		}
		l.start = l.end
	}
	return nil
}

// fill reads more of the text, first making room in the buffer. It does not read much beyond the part, which the next part's
// reader reads anyway.
func (l *lines) fill(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.start > 0 {
		l.end = copy(l.buf, l.buf[l.start:l.end])
		l.start = 0
	}
	if l.end == len(l.buf) {
		l.buf = append(l.buf, make([]byte, len(l.buf))...)
	}
	const margin = 4 << 10
	n := min(int64(len(l.buf)-l.end), l.t.size-l.pos, max(l.to-l.pos, margin))
	m, err := l.t.r.ReadAt(l.buf[l.end:l.end+int(n)], l.pos)
	l.end += m
	l.pos += int64(m)
	if int64(m) < n {
		if err == io.EOF {
			err = fmt.Errorf("the file became shorter: %w", io.ErrUnexpectedEOF)
		}
		return fmt.Errorf("extract: reading %s: %w", l.t.file.Name(), err)
	}
	return nil
}
