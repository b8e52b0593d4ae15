package annuaire

import "strings"

// MailboxKind is the type of a BAL (TRE_R257).
type MailboxKind string

// The kinds of mailbox.
const (
	KindPER MailboxKind = "PER" // personal
	KindORG MailboxKind = "ORG" // of a service or a team
	KindCAB MailboxKind = "CAB" // shared by a liberal practice
	KindAPP MailboxKind = "APP" // of a software
)

// Mailbox is a published BAL MSSanté. Its address, in lower case, is its only key.
type Mailbox struct {
	Address     string       `json:"address" cbor:"1,keyasint"`
	Kind        MailboxKind  `json:"kind" cbor:"2,keyasint"`
	Owners      []string     `json:"owners,omitempty" cbor:"3,keyasint,omitempty"` // IdNatPP of its holders, sorted; one in practice, none for ORG and APP
	Rank        int          `json:"rank" cbor:"4,keyasint,omitempty"`             // 1 = preferred: of national boxes among those of its first holder, of registered ones as stated, 0 when not
	Family      string       `json:"family,omitempty" cbor:"5,keyasint,omitempty"` // as the extract states them, for a holder who is not in the PS files
	Given       string       `json:"given,omitempty" cbor:"6,keyasint,omitempty"`
	Profession  Coded        `json:"profession,omitzero" cbor:"7,keyasint"`
	Description string       `json:"description,omitempty" cbor:"8,keyasint,omitempty"`
	Paperless   *bool        `json:"paperless,omitempty" cbor:"9,keyasint,omitempty"` // dématérialisation; nil when not stated
	Attachments []Attachment `json:"attachments,omitempty" cbor:"10,keyasint,omitempty"`
	Phone       string       `json:"phone,omitempty" cbor:"11,keyasint,omitempty"`      // of the box itself, E.164; only registered boxes have one, unless opposed
	Registered  bool         `json:"registered,omitempty" cbor:"12,keyasint,omitempty"` // it comes from an operator's registration here, not from the national extract
	Source      Source       `json:"source" cbor:"-"`                                   // of a registered box: when it last changed, and no run
}

// Order is the place of a box among those of its holders, smallest first: registered boxes come before national ones, by their rank, those
// without a rank last; national ones in the order of the file. Boxes of one place go by address.
func (m *Mailbox) Order() int {
	switch {
	case !m.Registered:
		return unranked + 1 + m.Rank
	case m.Rank == 0:
		return unranked
	}
	return m.Rank
}

// MaxRank is the greatest rank that an operator may give a box.
const MaxRank = 1000

// unranked is the place of a registered box without a rank.
const unranked = MaxRank + 1

// DomainOf is what stands right of the last @ in an address, all of it where there is none.
func DomainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// Attachment is a structure a mailbox is attached to.
type Attachment struct {
	IDType    string   `json:"id_type,omitempty" cbor:"1,keyasint,omitempty"` // as in the extract (TRE_G07-like)
	ID        string   `json:"id,omitempty" cbor:"2,keyasint,omitempty"`      // as in the extract
	Name      string   `json:"name,omitempty" cbor:"3,keyasint,omitempty"`
	TradeName string   `json:"trade_name,omitempty" cbor:"4,keyasint,omitempty"`
	Service   string   `json:"service,omitempty" cbor:"5,keyasint,omitempty"` // service de rattachement
	Address   *Address `json:"address,omitempty" cbor:"6,keyasint,omitempty"`
}
