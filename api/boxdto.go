package api

import (
	"time"

	"annuaire"
)

// boxDTO is a box as its operator, its holder and an administrator see it: what is published, what is not, and why.
type boxDTO struct {
	Address      string          `json:"address"`
	Kind         string          `json:"kind"`
	State        string          `json:"state"`     // active, suspended, closed, orphaned
	Published    bool            `json:"published"` // whether the public sees it
	Source       string          `json:"source"`    // registered, or national: then the choices below are local to this directory
	Holder       *string         `json:"holder"`
	Family       *string         `json:"family"`
	Given        *string         `json:"given"`
	Structure    *structureIDDTO `json:"structure"`
	Description  *string         `json:"description"`
	Service      *string         `json:"service"`
	Responsible  *string         `json:"responsible"`
	Rank         *int            `json:"rank"`
	Phone        *string         `json:"phone"`
	PhoneOpposed choiceDTO       `json:"phone_opposed"`
	OTPMobile    *string         `json:"otp_mobile"`
	RedList      choiceDTO       `json:"red_list"`
	Delegable    *bool           `json:"delegable"` // null: as set for the domain
	Terms        *string         `json:"terms"`
	Social       bool            `json:"social"`
	Suspended    bool            `json:"suspended"`
	Closed       *time.Time      `json:"closed"`
	Orphaned     *time.Time      `json:"orphaned"`
	Created      *time.Time      `json:"created"`
	Changed      *time.Time      `json:"changed"`
	ETag         string          `json:"etag,omitempty"` // in lists, where no header can bear it
}

// choiceDTO is what the operator and the holder each asked for: it is in force if either did, and each lifts their own.
type choiceDTO struct {
	InForce  bool `json:"in_force"`
	Operator bool `json:"operator"`
	Holder   bool `json:"holder"`
}

type structureIDDTO struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// The states of a box.
const (
	stateActive    = "active"
	stateSuspended = "suspended"
	stateClosed    = "closed"
	stateOrphaned  = "orphaned"
)

// boxState is what became of a box; of several, what lasts longest.
func boxState(b *annuaire.Registered) string {
	switch {
	case !b.Closed.IsZero():
		return stateClosed
	case !b.Orphaned.IsZero():
		return stateOrphaned
	case b.Suspended:
		return stateSuspended
	}
	return stateActive
}

// boxView shapes a box for whoever may see all of it. professional: for its holder, who is not shown what is the operator's alone.
func boxView(b annuaire.Registered, professional bool) boxDTO {
	d := boxDTO{Address: b.Address, Kind: string(b.Kind), State: boxState(&b), Published: b.Published(), Source: "registered", Holder: opt(b.Holder), Family: opt(b.Family), Given: opt(b.Given),
		Description: opt(b.Description), Service: opt(b.Service), Responsible: opt(b.Responsible), Phone: opt(b.Phone), OTPMobile: opt(b.OTPMobile), Delegable: b.Delegable,
		PhoneOpposed: choiceDTO{b.PhoneHidden(), b.PhoneOpposed, b.PhoneOpposedHolder}, RedList: choiceDTO{b.RedListed(), b.RedListOperator, b.RedListHolder},
		Terms: opt(b.Terms), Social: b.Social, Suspended: b.Suspended, Closed: instant(b.Closed), Orphaned: instant(b.Orphaned), Created: instant(b.Created), Changed: instant(b.Changed)}
	if b.Operator == "" {
		d.Source, d.Published = "national", !b.RedListed()
	}
	if b.Structure != nil {
		d.Structure = &structureIDDTO{b.Structure.Type, b.Structure.ID}
	}
	if b.Rank > 0 {
		d.Rank = &b.Rank
	}
	if professional {
		d.Responsible = nil
	}
	return d
}

// boxBody is what an operator states of a box (PUT, and a line of a batch): what is not given is empty.
type boxBody struct {
	Address      string                `json:"address"` // of a line of a batch; may be repeated in a PUT
	Kind         string                `json:"kind"`
	Holder       string                `json:"holder"`
	Family       string                `json:"family"`
	Given        string                `json:"given"`
	Structure    *annuaire.StructureID `json:"structure"`
	Description  string                `json:"description"`
	Service      string                `json:"service"`
	Responsible  string                `json:"responsible"`
	Rank         int                   `json:"rank"`
	Phone        string                `json:"phone"`
	PhoneOpposed bool                  `json:"phone_opposed"`
	OTPMobile    string                `json:"otp_mobile"`
	RedList      bool                  `json:"red_list"`
	Suspended    bool                  `json:"suspended"`
	Closed       bool                  `json:"closed"`
	Delegable    *bool                 `json:"delegable"`
	Terms        string                `json:"terms"`
}

// registered is what the body says, for the registry to judge.
func (b *boxBody) registered(address string, now time.Time) annuaire.Registered {
	out := annuaire.Registered{Address: address, Kind: annuaire.MailboxKind(b.Kind), Holder: b.Holder, Family: b.Family, Given: b.Given, Structure: b.Structure,
		Description: b.Description, Service: b.Service, Responsible: b.Responsible, Rank: b.Rank, Phone: b.Phone, PhoneOpposed: b.PhoneOpposed,
		OTPMobile: b.OTPMobile, RedListOperator: b.RedList, Suspended: b.Suspended, Delegable: b.Delegable, Terms: b.Terms}
	if b.Closed {
		out.Closed = now.UTC().Truncate(time.Second)
	}
	return out
}
