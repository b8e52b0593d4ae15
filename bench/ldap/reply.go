package main

import (
	"fmt"
)

// The identifier octets of replies.
const (
	opBindResponse = 0x61
	opEntry        = 0x64
	opDone         = 0x65
	opReference    = 0x73
)

// The result codes that are no failure of a search.
const (
	codeSuccess           = 0
	codeSizeLimitExceeded = 4
)

// reply is a message from the server.
type reply struct {
	id       uint32
	op       byte
	body     []byte
	controls []byte // what follows the operation
}

func parseReply(content []byte) (r reply, err error) {
	tag, id, rest, err := element(content)
	if err != nil {
		return r, err
	}
	if tag != tagInt || len(id) > 4 {
		return r, fmt.Errorf("%w: no message id", errReply)
	}
	for _, o := range id {
		r.id = r.id<<8 | uint32(o)
	}
	r.op, r.body, r.controls, err = element(rest)
	return r, err
}

// resultOf reads the code and the diagnostic message of a result.
func resultOf(body []byte) (code int, text string, err error) {
	tag, v, rest, err := element(body)
	if err != nil {
		return 0, "", err
	}
	if tag != tagEnum || len(v) != 1 {
		return 0, "", fmt.Errorf("%w: no result code", errReply)
	}
	if _, _, rest, err = element(rest); err != nil { // matchedDN
		return 0, "", err
	}
	_, diagnostic, _, err := element(rest)
	return int(v[0]), string(diagnostic), err
}

// cookieOf finds the cookie of the next page in the controls of a reply: nil when there is none.
func cookieOf(all []byte) ([]byte, error) {
	if len(all) == 0 {
		return nil, nil
	}
	_, list, _, err := element(all)
	for err == nil && len(list) > 0 {
		var one, oid, value []byte
		if _, one, list, err = element(list); err != nil {
			break
		}
		if _, oid, one, err = element(one); err != nil || string(oid) != oidPaged {
			continue
		}
		for err == nil && len(one) > 0 { // criticality, if any, then the value
			var tag byte
			if tag, value, one, err = element(one); err == nil && tag == tagOctets {
				return cookieIn(value)
			}
		}
	}
	return nil, err
}

// cookieIn reads the value of the control: an estimate, then the cookie.
func cookieIn(value []byte) ([]byte, error) {
	_, pair, _, err := element(value)
	if err != nil {
		return nil, err
	}
	_, _, pair, err = element(pair)
	if err != nil {
		return nil, err
	}
	_, cookie, _, err := element(pair)
	return append([]byte(nil), cookie...), err
}
