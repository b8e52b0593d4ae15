package ldapd

import (
	"slices"

	"annuaire/ldapd/ber"
)

// The controls that are honoured.
const (
	oidPaged        = "1.2.840.113556.1.4.319"  // RFC 2696
	oidSort         = "1.2.840.113556.1.4.473"  // RFC 2891, 1.1
	oidSortResponse = "1.2.840.113556.1.4.474"  // RFC 2891, 1.2
	oidManageDsaIT  = "2.16.840.1.113730.3.4.2" // RFC 3296: there are no referrals to manage
	oidDomainScope  = "1.2.840.113556.1.4.1339" // of Active Directory: no referrals, and there are none
	oidSubentries   = "1.3.6.1.4.1.4203.1.10.1" // RFC 3672: there are no subentries beside the schema
)

// honoured lists, by operation, the controls that are understood there. A virtual list view or RFC 4533 would begin by a line here.
var honoured = map[byte][]string{
	tagSearch:  {oidPaged, oidSort, oidManageDsaIT, oidDomainScope, oidSubentries},
	tagCompare: {oidManageDsaIT},
}

// controls are those of one request.
type controls struct {
	paged      *pagedRequest
	sort       *sortRequest
	subentries bool // only subentries are asked for
}

// parseControls reads the controls of an operation. The result is not success when one is malformed, there are too many, or a critical one is
// not understood: then nothing is done (RFC 4511, 4.1.11).
func parseControls(raw []byte, op byte, limit int) (out controls, r result) {
	c := ber.Read(raw)
	seen := make([]string, 0, 4)
	for !c.Done() {
		if len(seen) == limit {
			return out, say(adminLimitExceeded, "trop de contrôles", "too many controls")
		}
		oid, critical, value, ok := parseControl(&c)
		if !ok {
			return out, say(protocolError, "contrôle illisible", "unreadable control")
		}
		if slices.Contains(seen, oid) && slices.Contains(honoured[op], oid) {
			return out, say(protocolError, "le même contrôle deux fois", "the same control twice")
		}
		seen = append(seen, oid)
		if !slices.Contains(honoured[op], oid) {
			if critical {
				return out, say(unavailableCriticalExtension, "contrôle critique inconnu", "unknown critical control")
			}
			continue
		}
		if !out.set(oid, critical, value) {
			return out, say(protocolError, "valeur de contrôle illisible", "unreadable control value")
		}
	}
	return out, result{}
}

func parseControl(c *ber.Cursor) (oid string, critical bool, value []byte, ok bool) {
	in, err := c.Enter(ber.Sequence)
	if err != nil {
		return "", false, nil, false
	}
	name, err := in.Take(ber.OctetString)
	if err != nil || len(name) == 0 || len(name) > 128 {
		return "", false, nil, false
	}
	if in.Peek() == ber.Boolean {
		if critical, err = in.Bool(ber.Boolean); err != nil {
			return "", false, nil, false
		}
	}
	value, _, err = in.Optional(ber.OctetString)
	return string(name), critical, value, err == nil
}

// set keeps what a control asks for.
func (out *controls) set(oid string, critical bool, value []byte) (ok bool) {
	switch oid {
	case oidPaged:
		out.paged, ok = parsePaged(value)
		return ok
	case oidSort:
		out.sort, ok = parseSort(value, critical)
		return ok
	case oidSubentries:
		c := ber.Read(value)
		only, err := c.Bool(ber.Boolean)
		out.subentries = only
		return err == nil
	}
	return true
}
