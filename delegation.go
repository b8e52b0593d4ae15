package annuaire

import "time"

// DelegationState is what a delegation is at present.
type DelegationState string

// The states of a delegation.
const (
	DelegationPending   DelegationState = "pending"   // the delegate has given no contact address yet: it is in force, but nobody could be told
	DelegationActive    DelegationState = "active"    //
	DelegationSuspended DelegationState = "suspended" // delegate or holder absent from the directory, or the box suspended; restored on return
)

// MaxDelegations is how many delegations a mailbox may have at a time.
const MaxDelegations = 10

// Delegation lets a professional act on the personal mailbox of another, as a whole (never a folder), until its holder removes it.
type Delegation struct {
	ID       string    `json:"id" cbor:"1,keyasint"`
	Mailbox  string    `json:"mailbox" cbor:"2,keyasint"`
	Holder   string    `json:"holder" cbor:"3,keyasint"`   // IdNatPP
	Delegate string    `json:"delegate" cbor:"4,keyasint"` // IdNatPP, of an RPPS
	Since    time.Time `json:"since" cbor:"5,keyasint"`
	By       string    `json:"by" cbor:"6,keyasint"`
	Version  uint64    `json:"version" cbor:"7,keyasint"`

	State DelegationState `json:"state" cbor:"-"` // derived, never stored
}

// Account is what a holder or a delegate told this service about themselves. The contact address is for notifications only: it is in no
// search, no LDAP, no feed and no export.
type Account struct {
	ID           string    `json:"id" cbor:"1,keyasint"`      // IdNatPP
	Contact      string    `json:"contact" cbor:"2,keyasint"` // not under mssante.fr, not of a white-listed domain
	Mobile       string    `json:"mobile,omitempty" cbor:"3,keyasint,omitempty"`
	NoSurvey     bool      `json:"no_survey" cbor:"4,keyasint,omitempty"`
	NoNewsletter bool      `json:"no_newsletter" cbor:"5,keyasint,omitempty"`
	Terms        string    `json:"terms" cbor:"6,keyasint"` // version accepted
	Accepted     time.Time `json:"accepted" cbor:"7,keyasint"`
	Created      time.Time `json:"created" cbor:"8,keyasint"`
	Changed      time.Time `json:"changed" cbor:"9,keyasint"`
	Version      uint64    `json:"version" cbor:"10,keyasint"`
}
