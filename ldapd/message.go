package ldapd

import (
	"errors"
	"math"

	"annuaire/ldapd/ber"
)

// Identifier octets of the operations (RFC 4511, 4.2 to 4.12).
const (
	tagBind             byte = 0x60
	tagBindResponse     byte = 0x61
	tagUnbind           byte = 0x42
	tagSearch           byte = 0x63
	tagSearchEntry      byte = 0x64
	tagSearchDone       byte = 0x65
	tagModify           byte = 0x66
	tagAdd              byte = 0x68
	tagDelete           byte = 0x4a
	tagModifyDN         byte = 0x6c
	tagCompare          byte = 0x6e
	tagCompareResponse  byte = 0x6f
	tagAbandon          byte = 0x50
	tagExtended         byte = 0x77
	tagExtendedResponse byte = 0x78
)

// responses are the answers to requests that have one.
var responses = map[byte]byte{tagBind: tagBindResponse, tagSearch: tagSearchDone, tagModify: 0x67, tagAdd: 0x69, tagDelete: 0x6b, tagModifyDN: 0x6d,
	tagCompare: tagCompareResponse, tagExtended: tagExtendedResponse}

// operationNames are those of Metrics.
var operationNames = map[byte]string{tagBind: "bind", tagSearch: "search", tagModify: "write", tagAdd: "write", tagDelete: "write", tagModifyDN: "write",
	tagCompare: "compare", tagExtended: "extended"}

// message is an LDAPMessage. It points into the octets it was read from.
type message struct {
	raw      []byte // all of it
	id       int32
	op       byte
	body     []byte // content of the operation
	controls []byte // content of the controls
}

// errEnvelope says that no answer can be given: the connection ends with a notice (RFC 4511, 4.1.1).
var errEnvelope = errors.New("not an LDAPMessage")

// parseMessage reads the envelope. What follows the parts that are known is ignored (RFC 4511, 4).
func parseMessage(raw []byte) (m message, err error) {
	c := ber.Read(raw)
	in, err := c.Enter(ber.Sequence)
	if err != nil {
		return m, errEnvelope
	}
	id, err := in.Int(ber.Integer)
	if err != nil || id < 1 || id > math.MaxInt32 { // 0 is the server's own
		return m, errEnvelope
	}
	m.raw, m.id = raw, int32(id)
	if m.op, m.body, err = in.Next(); err != nil {
		return m, errEnvelope
	}
	if _, answered := responses[m.op]; !answered && m.op != tagUnbind && m.op != tagAbandon {
		return m, errEnvelope
	}
	if m.controls, _, err = in.Optional(ber.ContextC(0)); err != nil {
		return m, errEnvelope
	}
	return m, nil
}
