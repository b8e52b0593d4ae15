package annuaire

import "time"

// DelegationState is what a delegation is at present.
type DelegationState string

// The states of a delegation.
const (
	DelegationPending   DelegationState = "pending"   // the delegate has no account with a contact address yet, and may not act before
	DelegationActive    DelegationState = "active"    // the delegate may act
	DelegationSuspended DelegationState = "suspended" // delegate or holder absent from the directory, or the box suspended; restored on return
)

// MaxDelegations is how many delegations a mailbox may have at a time.
const MaxDelegations = 10

// Delegation lets a professional act on the personal mailbox of another, as a whole (never a folder), until its holder removes it.
type Delegation struct {
	ID       string    `json:"id" cbor:"1,keyasint"` // of the delegate, IdNatPP: a box has one delegation to a person
	Mailbox  string    `json:"mailbox" cbor:"2,keyasint"`
	Holder   string    `json:"holder" cbor:"3,keyasint"`   // IdNatPP
	Delegate string    `json:"delegate" cbor:"4,keyasint"` // IdNatPP, of an RPPS
	Since    time.Time `json:"since" cbor:"5,keyasint"`
	By       string    `json:"by" cbor:"6,keyasint"`      // who added it: the holder, or an administrator in their place
	Version  uint64    `json:"version" cbor:"7,keyasint"` // its ETag; no two delegations, of any time, have the same

	State DelegationState `json:"state" cbor:"-"` // derived, never stored
}

// Party is somebody whom a delegation or an account is about, as the directory knows them now. Names and profession are empty for who is absent.
type Party struct {
	ID         string `json:"id"`   // IdNatPP
	RPPS       string `json:"rpps"` // 11 digits
	Family     string `json:"family"`
	Given      string `json:"given"`
	Profession Coded  `json:"profession"`
	Present    bool   `json:"present"`
}

// Grant is a delegation with the people it is about.
type Grant struct {
	Delegation
	From Party `json:"-"` // the holder
	To   Party `json:"-"` // the delegate
}

// Rights are what somebody may do on a mailbox that is not theirs.
type Rights struct {
	Scope   string   `json:"scope"` // "whole", "none"
	Allow   []string `json:"allow"`
	Deny    []string `json:"deny"`
	Channel []string `json:"channel"`          // how: delegates come by webmail only
	Reason  string   `json:"reason,omitempty"` // of "none": "no_delegation", "pending", "suspended", "holder"
}

// WholeMailbox are the rights of a delegate: those of the holder on messages and folders, and none on anything else.
func WholeMailbox() Rights {
	return Rights{Scope: "whole", Allow: []string{"read", "send_on_behalf", "move", "delete", "folders"},
		Deny: []string{"delegations", "rules", "absence", "settings", "address_book"}, Channel: []string{"webmail"}}
}

// NoRights are those of everybody else.
func NoRights(reason string) Rights {
	r := WholeMailbox()
	return Rights{Scope: "none", Allow: []string{}, Deny: append(r.Allow, r.Deny...), Channel: []string{}, Reason: reason}
}

// DelegateQuery is a search for somebody to delegate to: two criteria at least, or an identifier.
type DelegateQuery struct {
	Name, Given      string
	Profession       string // code or words, of a profession or of a role
	PostalCode, City string // of one place of exercise, together with the profession
	Identifier       string // 12 digits that begin with 8, or 11
}

// DelegateFound is all that such a search tells of a person.
type DelegateFound struct {
	RPPS       string `json:"rpps"`
	Family     string `json:"family"`
	Given      string `json:"given"`
	Profession Coded  `json:"profession"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
}

// MaxDelegatesFound is how many people a search for delegates shows.
const MaxDelegatesFound = 50

// DelegatesFound is the answer.
type DelegatesFound struct {
	Items []DelegateFound `json:"items"`
	More  bool            `json:"more"` // there are others: the search has to be narrowed
	AsOf  time.Time       `json:"as_of"`
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

// AccountChange is what its person may write of an account; nil leaves what there is.
type AccountChange struct {
	Contact      string  // mandatory
	Mobile       *string // "" removes it
	Terms        string  // the version that is accepted; mandatory at first
	NoSurvey     *bool
	NoNewsletter *bool
}

// AccountOf is an account, or that there is none yet (Version 0), with what the directory says of its person.
type AccountOf struct {
	Account
	Who          Party
	TermsInForce string
}
