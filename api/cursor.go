package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"annuaire"
)

// cursorVersion is the format of the token. Another version is refused: the client starts over.
const cursorVersion = 1

// cursor is what the opaque token of a page holds: the question it continues and the place reached. It is no secret and
// needs no signature: a forged one names a place in an order, and reveals nothing that the search itself would not.
type cursor struct {
	Version int               `json:"v"`
	Query   string            `json:"q"` // fingerprint
	After   annuaire.Position `json:"a"`
}

var errCursor = errors.New("not a cursor")

// encodeCursor makes a token: JSON in unpadded base64url.
func encodeCursor(c cursor) (string, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// decodeCursor reads a token, strictly: what it accepts is what encodeCursor could have made.
func decodeCursor(token string) (cursor, error) {
	var c cursor
	if len(token) > maxCursorBytes {
		return c, errCursor
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return c, errCursor
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return cursor{}, errCursor
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return cursor{}, errCursor
	}
	if c.Version != cursorVersion || len(c.Query) != 16 || c.After.ID == "" || c.After.Grade < 0 {
		return cursor{}, errCursor
	}
	return c, nil
}

// fingerprint identifies the question a cursor belongs to: route, criteria, match and sort. What does not change the order
// of results stays out (limit, facets, fields, explain), as does the order in which parameters and values were given.
func (req *request) fingerprint() string {
	h := sha256.New()
	put := func(words ...string) {
		for _, w := range words {
			io.WriteString(h, w) // a hash never fails to write
			h.Write([]byte{0})   // no value holds NUL, so nothing runs together
		}
	}
	put(req.route.path, req.match(), string(req.sort()))
	for _, p := range req.route.params {
		if vals := req.values[p.name]; p.scope != scopePage && len(vals) > 0 {
			put("", p.name)
			put(slices.Sorted(slices.Values(vals))...)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// after reads the cursor of the request: nil without one, a fault for a bad one or one of another question.
func (req *request) after() (*annuaire.Position, *fault) {
	token := req.first("cursor", "")
	if token == "" {
		return nil, nil
	}
	c, err := decodeCursor(token)
	if err != nil {
		return nil, invalid("cursor", "curseur illisible : reprenez « next » de la page précédente sans le modifier.",
			"unreadable cursor: take \"next\" of the previous page unchanged.")
	}
	if c.Query != req.fingerprint() {
		return nil, invalid("cursor", "ce curseur appartient à une autre recherche : les critères, match et sort ne changent pas d'une page à l'autre.",
			"this cursor belongs to another search: criteria, match and sort do not change from page to page.")
	}
	return &c.After, nil
}

// token continues after position p.
func (req *request) token(p annuaire.Position) (string, error) {
	return encodeCursor(cursor{Version: cursorVersion, Query: req.fingerprint(), After: p})
}

// next is the link to the page after position p, or nil on the last page.
func (req *request) next(p *annuaire.Position) (*string, error) {
	if p == nil {
		return nil, nil
	}
	token, err := req.token(*p)
	if err != nil {
		return nil, err
	}
	return opt(at(req.route.path, set(req.pairs, "cursor", token))), nil
}
