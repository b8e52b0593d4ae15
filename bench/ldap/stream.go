package main

import (
	"errors"
	"fmt"
	"io"
)

// maxReply is more than any message that these servers send.
const maxReply = 16 << 20

var errReply = errors.New("a reply that is no LDAP message")

// stream cuts what a server sends into messages, without copying them.
type stream struct {
	r        io.Reader
	buf      []byte
	from, to int // what was read and not looked at yet
}

func newStream(r io.Reader) *stream { return &stream{r: r, buf: make([]byte, 64<<10)} }

// next returns the content of the next message, valid until the next call.
func (s *stream) next() ([]byte, error) {
	for {
		tag, header, n, ok, err := head(s.buf[s.from:s.to])
		if err != nil {
			return nil, err
		}
		if ok {
			if tag != tagSequence || n > maxReply {
				return nil, fmt.Errorf("%w: tag %02x, %d octets", errReply, tag, n)
			}
			if end := s.from + header + n; end <= s.to {
				content := s.buf[s.from+header : end]
				s.from = end
				return content, nil
			}
			s.room(header + n)
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// room makes the buffer hold a message of n octets from where it stands.
func (s *stream) room(n int) {
	if s.from+n <= len(s.buf) {
		return
	}
	to := s.buf
	if n > len(s.buf) {
		to = make([]byte, max(n, 2*len(s.buf)))
	}
	s.to = copy(to, s.buf[s.from:s.to])
	s.from, s.buf = 0, to
}

func (s *stream) fill() error {
	if s.from == s.to {
		s.from, s.to = 0, 0
	}
	if s.to == len(s.buf) {
		s.room(len(s.buf)) // only a header can be cut off here: it moves to the front
	}
	n, err := s.r.Read(s.buf[s.to:])
	s.to += n
	if n > 0 {
		return nil
	}
	if err == io.EOF && s.from < s.to {
		return io.ErrUnexpectedEOF
	}
	return err
}

// head reads a header; ok is false when b does not hold all of it.
func head(b []byte) (tag byte, header, n int, ok bool, err error) {
	if len(b) < 2 {
		return 0, 0, 0, false, nil
	}
	if b[1] < 0x80 {
		return b[0], 2, int(b[1]), true, nil
	}
	octets := int(b[1] & 0x7f)
	if octets == 0 || octets > 4 {
		return 0, 0, 0, false, fmt.Errorf("%w: a length of %d octets", errReply, octets)
	}
	if len(b) < 2+octets {
		return 0, 0, 0, false, nil
	}
	for _, o := range b[2 : 2+octets] {
		n = n<<8 | int(o)
	}
	return b[0], 2 + octets, n, true, nil
}

// element cuts the first element off b.
func element(b []byte) (tag byte, content, rest []byte, err error) {
	tag, header, n, ok, err := head(b)
	if err != nil {
		return 0, nil, nil, err
	}
	if !ok || n > len(b)-header {
		return 0, nil, nil, fmt.Errorf("%w: it ends too early", errReply)
	}
	return tag, b[header : header+n], b[header+n:], nil
}
