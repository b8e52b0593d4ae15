package annuaire

import "time"

// AuditEvent is one line of the audit log: a write, or a read of something unpublished. It may name addresses and people: the log is read
// by administrators alone. What it never holds: an INS, a secret, the text of a message.
type AuditEvent struct {
	Seq    uint64    `json:"seq" cbor:"1,keyasint"` // from 1, without gaps
	Time   time.Time `json:"time" cbor:"2,keyasint"`
	Who    string    `json:"who" cbor:"3,keyasint"` // Caller.ID
	Roles  []Role    `json:"roles,omitempty" cbor:"4,keyasint,omitempty"`
	Proof  string    `json:"proof,omitempty" cbor:"5,keyasint,omitempty"` // how the caller was recognised: Caller.Proof
	From   string    `json:"from,omitempty" cbor:"6,keyasint,omitempty"`  // network address, "local" through the control socket
	What   string    `json:"what" cbor:"7,keyasint"`                      // "mailbox.create", "delegation.remove", "alert.approve"
	Target string    `json:"target,omitempty" cbor:"8,keyasint,omitempty"`
	Why    string    `json:"why,omitempty" cbor:"9,keyasint,omitempty"`
	Before any       `json:"before,omitempty" cbor:"-"` // the record before and after, as JSON
	After  any       `json:"after,omitempty" cbor:"-"`
}

// Event begins the line of what a caller does.
func (c Caller) Event(what, target string) AuditEvent {
	return AuditEvent{Who: c.ID, Roles: c.Roles, Proof: c.Proof, From: c.From, What: what, Target: target}
}
