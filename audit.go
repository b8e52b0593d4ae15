package annuaire

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

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
	Before any       `json:"before,omitempty" cbor:"-"` // the record before and after, as JSON; that of a Masker masked
	After  any       `json:"after,omitempty" cbor:"-"`
}

// Event begins the line of what a caller does.
func (c Caller) Event(what, target string) AuditEvent {
	return AuditEvent{Who: c.ID, Roles: c.Roles, Proof: c.Proof, From: c.From, What: what, Target: target}
}

// Masker is a record that the audit does not hold as it is: an erasure leaves the audit, which must not hold for ever where somebody can be
// reached.
type Masker interface{ Masked() any }

// Masked implements Masker: of a contact address its first letter and its domain are left, of a mobile its last two digits.
func (a Account) Masked() any {
	if local, domain, ok := strings.Cut(a.Contact, "@"); ok && local != "" {
		a.Contact = local[:1] + "…@" + domain
	}
	a.Mobile = maskedMobile(a.Mobile)
	return a
}

// Masked implements Masker, for the mobile of one-time codes. What is published of a box, or is only of the box, stays.
func (r Registered) Masked() any {
	r.OTPMobile = maskedMobile(r.OTPMobile)
	return r
}

func maskedMobile(n string) string {
	if len(n) > 2 {
		return "…" + n[len(n)-2:]
	}
	return n
}

// AuditRecord is a line of the audit as it is read back: Before and After are JSON, Hash is that of the chain, in hex.
type AuditRecord struct {
	AuditEvent
	Hash string `json:"hash"`
}

// AuditFilter chooses lines of the audit. The zero AuditFilter is all of them.
type AuditFilter struct {
	Since time.Time // from then on
	Until time.Time // before then
	Who   string    // AuditEvent.Who, as it is
	What  string    // AuditEvent.What, or its beginning up to a dot: "mailbox" is "mailbox.create" and all the others
	Last  int       // of the lines chosen, only so many, the last ones; 0 is no limit
}

// Takes reports whether a line is chosen, Last aside.
func (f AuditFilter) Takes(e AuditEvent) bool {
	return !e.Time.Before(f.Since) && (f.Until.IsZero() || e.Time.Before(f.Until)) && (f.Who == "" || f.Who == e.Who) &&
		(f.What == "" || f.What == e.What || strings.HasPrefix(e.What, strings.TrimSuffix(f.What, ".")+"."))
}

// AuditAnchor names a line of the audit with its hash: kept elsewhere, it shows later that everything up to it is still there as it was.
type AuditAnchor struct {
	Seq  uint64 `json:"seq"`
	Hash string `json:"hash"` // hex; "" of an audit without lines
}

// String writes the anchor as ParseAuditAnchor reads it: "42:9f86d0…".
func (a AuditAnchor) String() string { return strconv.FormatUint(a.Seq, 10) + ":" + a.Hash }

// ParseAuditAnchor reads an anchor; CodeInvalid for what is none.
func ParseAuditAnchor(s string) (a AuditAnchor, err error) {
	seq, hash, _ := strings.Cut(strings.TrimSpace(s), ":")
	a.Hash = strings.ToLower(hash)
	raw, notHex := hex.DecodeString(a.Hash)
	if a.Seq, err = strconv.ParseUint(seq, 10, 64); err != nil || notHex != nil || a.Seq == 0 || len(raw) != 32 {
		return AuditAnchor{}, Invalid("anchor", "une ancre est attendue, comme « annuaire audit anchor » l'écrit : numéro:empreinte",
			"an anchor is expected, as “annuaire audit anchor” prints it: number:hash")
	}
	return a, nil
}

// AuditFault is how an audit is not what was written.
type AuditFault string

// The faults, as Verify finds them.
const (
	AuditChanged  AuditFault = "changed"  // a line does not have the hash that follows from it: it, or the one before it, was changed
	AuditMissing  AuditFault = "missing"  // lines were taken out, or the last ones cut off
	AuditInserted AuditFault = "inserted" // a line stands where none was
	AuditDiverged AuditFault = "diverged" // the line of the anchor has another hash: everything was written anew
)

// AuditVerdict is what a verification found.
type AuditVerdict struct {
	Lines  uint64       `json:"lines"` // that are in order
	Head   AuditAnchor  `json:"head"`  // of the last line
	Fault  AuditFault   `json:"fault,omitempty"`
	At     uint64       `json:"at,omitempty"`     // the line at which the fault shows
	Anchor *AuditAnchor `json:"anchor,omitempty"` // that it was held against
}
