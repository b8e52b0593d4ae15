package annuaire

import "time"

// Held is everything that this service holds on a person beyond the national data: what they are to be given when they ask (GDPR, article 15).
type Held struct {
	ID string    `json:"id"` // IdNatPP
	At time.Time `json:"at"`

	Account   *Account              `json:"account"`             // nil: none
	TermsTold string                `json:"terms_told"`          // version of the terms of which they were last told, "" for none
	Staff     *Staff                `json:"staff"`               // what a registrar handed over; nil: nobody did
	Mailboxes []Registered          `json:"mailboxes"`           // registered here, and the choices on national ones; private fields too
	History   map[string][]BoxEvent `json:"history"`             // of these, by address
	Given     []Delegation          `json:"delegations_given"`   //
	Received  []Delegation          `json:"delegations_held"`    //
	Waiting   []string              `json:"waiting_notices"`     // subjects of messages to them that are not sent yet
	Audit     []AuditEvent          `json:"audit"`               // lines that are by them or about them, oldest first
	Cut       bool                  `json:"audit_cut,omitempty"` // there are older lines of the audit, which do not fit
}

// MaxHeldAudit is how many lines of the audit are given at once.
const MaxHeldAudit = 10_000

// Erased is what an erasure (GDPR, article 17) removed, and what it left and why.
type Erased struct {
	ID          string `json:"id"`
	Account     bool   `json:"account"` // there was one
	Staff       bool   `json:"staff"`
	Mailboxes   int    `json:"mailboxes"`
	Delegations int    `json:"delegations"` // given and held
	Notices     int    `json:"notices"`     // that were not sent yet
	Kept        []Kept `json:"kept"`
}

// Kept is something that an erasure leaves.
type Kept struct {
	What    string `json:"what"` // "audit", "red_list"
	French  string `json:"why"`
	English string `json:"why_en"`
}
