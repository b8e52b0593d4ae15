package ldapd

import (
	"errors"
	"math"

	"annuaire"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/dn"
	"annuaire/ldapd/filter"
)

// searchRequest is a SearchRequest (RFC 4511, 4.5.1). derefAliases is read and without effect: there are no aliases.
type searchRequest struct {
	base      dn.Name
	scope     scope
	size      int // 0: as many as the server gives
	seconds   int // 0: as long as the server takes
	filter    *filter.Filter
	asked     []byte // the filter, as it came
	selection selection
}

var unreadableSearch = say(protocolError, "recherche illisible", "unreadable search request")

func parseSearch(body []byte, attributes int) (q searchRequest, r result) {
	c := ber.Read(body)
	base, err := c.Take(ber.OctetString)
	if err != nil {
		return q, unreadableSearch
	}
	var n [4]int64 // scope, derefAliases, sizeLimit, timeLimit
	for i, tag := range []byte{ber.Enumerated, ber.Enumerated, ber.Integer, ber.Integer} {
		if n[i], err = c.Int(tag); err != nil || n[i] < 0 || n[i] > math.MaxInt32 {
			return q, unreadableSearch
		}
	}
	if n[0] > int64(scopeSubordinate) || n[1] > 3 {
		return q, unreadableSearch
	}
	q.scope, q.size, q.seconds = scope(n[0]), int(n[2]), int(n[3])
	typesOnly, err := c.Bool(ber.Boolean)
	if err != nil {
		return q, unreadableSearch
	}
	before := c.Rest()
	if q.filter, err = filter.Parse(&c); err != nil {
		return q, badFilter(err)
	}
	q.asked = before[:len(before)-len(c.Rest())]
	if q.selection, r = parseSelection(&c, attributes); r.code != success {
		return q, r
	}
	q.selection.typesOnly = typesOnly
	q.base, r = readDN(base)
	return q, r
}

func badFilter(err error) result {
	code := protocolError
	if errors.Is(err, filter.ErrTooComplex) {
		code = adminLimitExceeded
	}
	var e *annuaire.Error
	if errors.As(err, &e) {
		return say(code, e.Message, e.English)
	}
	return say(code, "filtre illisible", "unreadable filter")
}

// readDN reads the DN of a request.
func readDN(s []byte) (dn.Name, result) {
	name, err := parseDN(s)
	if err != nil {
		return nil, say(invalidDNSyntax, "nom d'entrée (DN) incorrect", "bad distinguished name")
	}
	return name, result{}
}
