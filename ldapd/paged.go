package ldapd

import (
	"crypto/sha256"

	"annuaire"
	"annuaire/ldapd/ber"
)

// pagedRequest is the value of the control of RFC 2696.
type pagedRequest struct {
	size   int
	cookie []byte
}

// maxCookie is longer than any cookie of ours.
const maxCookie = 2048

func parsePaged(value []byte) (*pagedRequest, bool) {
	c := ber.Read(value)
	in, err := c.Enter(ber.Sequence)
	if err != nil {
		return nil, false
	}
	size, err := in.Int(ber.Integer)
	if err != nil || size < 0 || size > 1<<31-1 {
		return nil, false
	}
	cookie, err := in.Take(ber.OctetString)
	return &pagedRequest{int(size), cookie}, err == nil
}

// spot is where a page ends: in which stage, behind which card (nil: before the first), and how many entries came before.
type spot struct {
	stage int
	after *annuaire.Position
	sent  int
}

// pager is a search by pages. Nothing is kept between pages: the cookie says all, and is signed, so that only places that were given are
// continued.
type pager struct {
	size     int
	from, to spot // to moves on with what is looked at
	more     bool // the cookie is to be given
	question [8]byte
}

// pages begins or continues a paged search; nil for a request that is to be answered at once: a page as large as all that may come
// (RFC 2696, 3).
func (f *searcher) pages(p *pagedRequest) (*pager, result) {
	if f.q.size > 0 && p.size >= f.q.size && len(p.cookie) == 0 {
		return nil, result{}
	}
	pg := &pager{size: min(p.size, f.s.limits.Page), question: f.question(), more: true}
	if len(p.cookie) > 0 {
		var ok bool
		if pg.from, ok = f.s.readCookie(p.cookie, pg.question); !ok {
			return nil, say(unwillingToPerform, "cookie de pagination inconnu ou périmé : recommencez la recherche", "unknown or stale paging cookie: start the search again")
		}
	}
	pg.to = pg.from
	return pg, result{}
}

// question identifies what is asked: a cookie belongs to one question.
func (f *searcher) question() (out [8]byte) {
	h := sha256.New()
	h.Write([]byte(f.q.base.String()))
	h.Write([]byte{0, byte(f.q.scope)})
	h.Write(f.q.asked)
	copy(out[:], h.Sum(nil))
	return out
}

// enter tells that a stage begins.
func (p *pager) enter(stage int) {
	if stage != p.to.stage {
		p.to = spot{stage: stage}
	}
}

// passed tells that a card was looked at. It takes a copy, so that a search without pages need not allocate one.
func (p *pager) passed(at annuaire.Position) { p.to.after = &at }

// control is the response control; cookie is empty on the last page.
func (p *pager) control(s *Server, found int) responseControl {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.Int(ber.Integer, 0) // how many there are in all is not counted
	var cookie []byte
	if p.more {
		p.to.sent = p.from.sent + found
		cookie = s.cookie(p.to, p.question)
	}
	e.Bytes(ber.OctetString, cookie)
	e.End(m)
	return responseControl{oidPaged, e.Buf}
}
