package annuaire

import "time"

// Registered is a mailbox as the registry holds it: what its operator wrote, what its holder chose, and what became of it. Most of it is
// published as a Mailbox; what is not says so. An entry without an operator's registration (Operator is "") holds the choices of the holder
// of a box that comes from the national extract: they are local to this directory.
type Registered struct {
	Address string      `json:"address" cbor:"1,keyasint"` // lower case, the domain in Unicode NFC as the white list writes it
	Kind    MailboxKind `json:"kind" cbor:"2,keyasint"`

	Holder    string       `json:"holder,omitempty" cbor:"3,keyasint,omitempty"`    // IdNatPP; PER and CAB
	Family    string       `json:"family,omitempty" cbor:"4,keyasint,omitempty"`    // as the operator gave them, for PER and CAB: equal, folded, to those of the directory
	Given     string       `json:"given,omitempty" cbor:"5,keyasint,omitempty"`     //
	Structure *StructureID `json:"structure,omitempty" cbor:"6,keyasint,omitempty"` // ORG, CAB, APP; may be given for PER

	Description string `json:"description,omitempty" cbor:"7,keyasint,omitempty"` // at most 75 characters; not for PER
	Service     string `json:"service,omitempty" cbor:"8,keyasint,omitempty"`     // service de rattachement, at most 90; ORG, APP
	Responsible string `json:"responsible,omitempty" cbor:"9,keyasint,omitempty"` // at most 45; never for PER, never published
	Rank        int    `json:"rank,omitempty" cbor:"10,keyasint,omitempty"`       // 1 = preferred; 0 = not stated

	Phone        string `json:"phone,omitempty" cbor:"11,keyasint,omitempty"`         // E.164, of this box; published unless opposed
	PhoneOpposed bool   `json:"phone_opposed,omitempty" cbor:"12,keyasint,omitempty"` // opposition stated by the operator; the holder's is PhoneOpposedHolder
	OTPMobile    string `json:"otp_mobile,omitempty" cbor:"13,keyasint,omitempty"`    // E.164, for one-time codes; never published

	RedListOperator bool `json:"red_list_operator,omitempty" cbor:"14,keyasint,omitempty"` // in force if either asked; each lifts their own only
	RedListHolder   bool `json:"red_list_holder,omitempty" cbor:"15,keyasint,omitempty"`

	Suspended bool      `json:"suspended,omitempty" cbor:"16,keyasint,omitempty"`
	Closed    time.Time `json:"closed,omitzero" cbor:"17,keyasint"`
	Orphaned  time.Time `json:"orphaned,omitzero" cbor:"18,keyasint"` // since when the holder is absent from the published directory

	Delegable *bool  `json:"delegable,omitempty" cbor:"19,keyasint,omitempty"` // nil: as set for the domain
	Terms     string `json:"terms,omitempty" cbor:"20,keyasint,omitempty"`     // version accepted, as the operator attests
	Social    bool   `json:"social,omitempty" cbor:"21,keyasint,omitempty"`    // the holder is social-care staff handed over by a registrar

	Operator string    `json:"operator,omitempty" cbor:"22,keyasint,omitempty"` // domain of the box's operator's registration; "" for choices on a national box
	Created  time.Time `json:"created" cbor:"23,keyasint"`
	Changed  time.Time `json:"changed" cbor:"24,keyasint"`
	Version  uint64    `json:"version" cbor:"25,keyasint"` // of this entry, from 1: part of its ETag

	PhoneOpposedHolder bool `json:"phone_opposed_holder,omitempty" cbor:"26,keyasint,omitempty"` // opposition of the holder: an operator who writes the box anew does not lift it
}

// MailboxPatch changes some fields of a box: those that are given. The operator may change all of them, the holder the red list and the
// opposition to the telephone; each of the two is that of who asks.
type MailboxPatch struct {
	Description  *string      `json:"description,omitempty"`
	Service      *string      `json:"service,omitempty"`
	Responsible  *string      `json:"responsible,omitempty"`
	Structure    *StructureID `json:"structure,omitempty"`
	Rank         *int         `json:"rank,omitempty"`
	Phone        *string      `json:"phone,omitempty"`
	PhoneOpposed *bool        `json:"phone_opposed,omitempty"`
	OTPMobile    *string      `json:"otp_mobile,omitempty"`
	RedList      *bool        `json:"red_list,omitempty"`
	Suspended    *bool        `json:"suspended,omitempty"`
	Closed       *bool        `json:"closed,omitempty"`
	Delegable    *bool        `json:"delegable,omitempty"`
	Terms        *string      `json:"terms,omitempty"`
}

// IfAbsent is the ifMatch of who believes that a box is not there yet (If-None-Match: *).
const IfAbsent = "!"

// BoxResult is what became of one box of several that were registered at once.
type BoxResult struct {
	Address string
	Box     Registered // as it is now, where Err is nil
	Created bool
	Changed bool // false: it said the same already
	Err     error
}

// The outcomes of a line of a batch that no box comes of; the others are created, changed and unchanged.
const (
	BatchRefused = "refused"
	BatchFailed  = "failed" // not done: to be sent again
)

// BatchLine is what became of one line of a batch of boxes, or of one row of a table.
type BatchLine struct {
	Line      int    `json:"line"` // of the body or the file, from 1
	Address   string `json:"address,omitempty"`
	Outcome   string `json:"outcome"`
	Rule      string `json:"rule,omitempty"`
	Parameter string `json:"parameter,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

// BatchSummary is the end of the report of a batch.
type BatchSummary struct {
	Lines     int  `json:"lines"` // that hold something
	Created   int  `json:"created"`
	Changed   int  `json:"changed"`
	Unchanged int  `json:"unchanged"`
	Refused   int  `json:"refused"`
	Complete  bool `json:"complete"` // false: what follows the last line reported was not read
}

// BoxEvent is one line of the history of a box.
type BoxEvent struct {
	Time   time.Time `json:"time" cbor:"1,keyasint"`
	What   string    `json:"what" cbor:"2,keyasint"`             // "create", "change", "delete", "orphan" (the holder left), "return"
	By     string    `json:"by" cbor:"3,keyasint"`               // "operator", "holder", "admin", "sync", "upkeep"
	Fields []string  `json:"fields,omitempty" cbor:"4,keyasint"` // names of what changed; not the values: these are in the audit log
}

// PhoneHidden reports whether the number of the box is not to be shown: the operator or the holder opposed.
func (r *Registered) PhoneHidden() bool { return r.PhoneOpposed || r.PhoneOpposedHolder }

// RedListed reports whether the box is on the red list (liste rouge).
func (r *Registered) RedListed() bool { return r.RedListOperator || r.RedListHolder }

// Alive reports whether the box can be written to: it is neither suspended, closed nor orphaned.
func (r *Registered) Alive() bool { return !r.Suspended && r.Closed.IsZero() && r.Orphaned.IsZero() }

// Published reports whether the public may see the box.
func (r *Registered) Published() bool { return r.Operator != "" && r.Alive() && !r.RedListed() }

// StructureID names a structure as operators do.
type StructureID struct {
	Type string `json:"type" cbor:"1,keyasint"` // "FINESS", "SIRET", "SIREN", "RPPS-rang"
	ID   string `json:"id" cbor:"2,keyasint"`
}
