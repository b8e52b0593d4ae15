package ldapd

import (
	"annuaire/ldapd/ber"
)

// sortRequest is the value of the control of RFC 2891.
type sortRequest struct {
	keys     []sortKey
	critical bool
}

type sortKey struct {
	name    []byte
	rule    []byte // nil: the ordering rule of the attribute, else the one that suits its syntax
	reverse bool
}

// Bounds of sorting: keys in a request, and octets of a value that count.
const (
	maxSortKeys  = 3
	maxSortBytes = 64
)

func parseSort(value []byte, critical bool) (*sortRequest, bool) {
	c := ber.Read(value)
	list, err := c.Enter(ber.Sequence)
	if err != nil || list.Done() {
		return nil, false
	}
	s := &sortRequest{critical: critical}
	for !list.Done() {
		one, err := list.Enter(ber.Sequence)
		if err != nil {
			return nil, false
		}
		var k sortKey
		if k.name, err = one.Take(ber.OctetString); err != nil {
			return nil, false
		}
		if k.rule, _, err = one.Optional(ber.Context(0)); err != nil {
			return nil, false
		}
		if one.Peek() == ber.Context(1) {
			if k.reverse, err = one.Bool(ber.Context(1)); err != nil {
				return nil, false
			}
		}
		s.keys = append(s.keys, k)
	}
	return s, true
}
