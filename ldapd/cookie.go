package ldapd

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"

	"annuaire"
)

const (
	cookieVersion = 1
	macSize       = 16
)

func (s *Server) mac(payload []byte, question [8]byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write(question[:])
	h.Write(payload)
	return h.Sum(nil)[:macSize]
}

func (s *Server) cookie(at spot, question [8]byte) []byte {
	b := []byte{cookieVersion}
	b = binary.AppendUvarint(b, uint64(at.stage))
	b = binary.AppendUvarint(b, uint64(at.sent))
	if p := at.after; p != nil {
		b = binary.AppendVarint(b, int64(p.Grade))
		for _, part := range []string{p.Family, p.Given, p.ID} {
			b = append(binary.AppendUvarint(b, uint64(len(part))), part...)
		}
	}
	return append(b, s.mac(b, question)...)
}

// readCookie reads a cookie that this server gave for this question.
func (s *Server) readCookie(b []byte, question [8]byte) (at spot, ok bool) {
	if len(b) < 1+macSize || len(b) > maxCookie {
		return at, false
	}
	b, mac := b[:len(b)-macSize], b[len(b)-macSize:]
	if subtle.ConstantTimeCompare(mac, s.mac(b, question)) != 1 || b[0] != cookieVersion {
		return at, false
	}
	r := reader{rest: b[1:], ok: true}
	at.stage, at.sent = int(r.uint()), int(r.uint())
	if len(r.rest) > 0 {
		grade := r.int()
		at.after = &annuaire.Position{Grade: int(grade), Family: r.string(), Given: r.string(), ID: r.string()}
	}
	return at, r.ok && len(r.rest) == 0 && at.stage >= 0 && at.sent >= 0
}

// reader reads what cookie wrote.
type reader struct {
	rest []byte
	ok   bool
}

func (r *reader) advance(n int) {
	if n <= 0 {
		r.ok, r.rest = false, nil
		return
	}
	r.rest = r.rest[n:]
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.advance(n)
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.rest)
	r.advance(n)
	return v
}

func (r *reader) string() string {
	n := r.uint()
	if !r.ok || n > uint64(len(r.rest)) {
		r.ok, r.rest = false, nil
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}
