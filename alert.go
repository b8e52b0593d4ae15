package annuaire

import "time"

// Alert is a message of the health authority to the professionals of an audience, in their MSSanté mailboxes, with what became of it.
// It never holds recipients: those are frozen in a file of their own when it is approved.
type Alert struct {
	ID      string `json:"id" cbor:"1,keyasint"` // yearly number: "2026-007"
	Version uint64 `json:"version" cbor:"2,keyasint"`

	AlertDraft `cbor:"3,keyasint"`

	State    AlertState  `json:"state" cbor:"4,keyasint"`
	Reason   string      `json:"reason,omitempty" cbor:"5,keyasint,omitempty"` // of the last step that had one
	Problem  string      `json:"problem,omitempty" cbor:"6,keyasint,omitempty"`
	Authors  []AlertHand `json:"authors" cbor:"7,keyasint"` // whoever wrote or changed it, or submitted it: none of them approves it
	Approver *AlertHand  `json:"approver,omitempty" cbor:"8,keyasint,omitempty"`

	Created   time.Time `json:"created" cbor:"9,keyasint"`
	Changed   time.Time `json:"changed" cbor:"10,keyasint"`
	Tested    []byte    `json:"-" cbor:"11,keyasint,omitempty"` // Print of what the seeds received
	TestedAt  time.Time `json:"tested_at,omitzero" cbor:"12,keyasint"`
	Submitted time.Time `json:"submitted_at,omitzero" cbor:"13,keyasint"`
	Approved  time.Time `json:"approved_at,omitzero" cbor:"14,keyasint"`
	Started   time.Time `json:"started_at,omitzero" cbor:"15,keyasint"`
	Ended     time.Time `json:"ended_at,omitzero" cbor:"16,keyasint"`

	Frozen     *AlertFreeze `json:"frozen,omitempty" cbor:"17,keyasint,omitempty"`
	Final      *AlertReport `json:"-" cbor:"18,keyasint,omitempty"` // the counts that stay when the recipients are erased
	Anonymised time.Time    `json:"anonymised_at,omitzero" cbor:"19,keyasint"`
}

// AlertDraft is what an author writes. Limits are in characters; docs/ALERTS.md lists the rules by name.
type AlertDraft struct {
	Title   Bilingual `json:"title" cbor:"1,keyasint"`   // one line of at most 120: the subject
	Summary Bilingual `json:"summary" cbor:"2,keyasint"` // what to do, first: at most 400
	Text    Bilingual `json:"text" cbor:"3,keyasint"`    // plain text, at most 20 000
	HTML    Bilingual `json:"html" cbor:"4,keyasint"`    // the same text in simple HTML; "": made of Text

	Severity  AlertSeverity  `json:"severity" cbor:"5,keyasint"`
	Urgency   AlertUrgency   `json:"urgency" cbor:"6,keyasint"`
	Certainty AlertCertainty `json:"certainty" cbor:"7,keyasint"`
	Status    AlertStatus    `json:"status" cbor:"8,keyasint"`
	Kind      AlertKind      `json:"kind" cbor:"9,keyasint"`
	Refers    string         `json:"refers,omitempty" cbor:"10,keyasint,omitempty"` // number of the alert that this one updates or cancels
	Expires   time.Time      `json:"expires,omitzero" cbor:"11,keyasint"`           // nothing is sent after it; at most 90 days ahead
	Legal     string         `json:"legal" cbor:"12,keyasint"`                      // legal basis, at most 300
	Area      string         `json:"area,omitempty" cbor:"13,keyasint,omitempty"`   // in words, for the reader and CAP; at most 200

	Audience string `json:"audience" cbor:"14,keyasint"`                   // an expression (docs/AUDIENCES.md); "@name" is taken as what that saved audience says then
	RedList  bool   `json:"red_list" cbor:"15,keyasint,omitempty"`         // red-listed mailboxes receive it too: policy of the authority, recorded here
	Public   bool   `json:"public,omitempty" cbor:"16,keyasint,omitempty"` // meant for the public too: in the archive from the start of the sending
}

// Bilingual is a text in French and, where there is one, in English.
type Bilingual struct {
	FR string `json:"fr,omitempty" cbor:"1,keyasint,omitempty"`
	EN string `json:"en,omitempty" cbor:"2,keyasint,omitempty"`
}

// AlertHand is who took a step: two hands are one person's when the ID or the name is the same.
type AlertHand struct {
	ID   string `json:"id" cbor:"1,keyasint"`                       // Caller.ID
	Name string `json:"name,omitempty" cbor:"2,keyasint,omitempty"` // whose token it is
}

// AlertFreeze is the list of recipients that was approved, without its addresses.
type AlertFreeze struct {
	Count     int       `json:"count" cbor:"1,keyasint"`
	RedListed int       `json:"red_listed" cbor:"2,keyasint"`
	Selected  int       `json:"selected" cbor:"3,keyasint"` // people whom the audience selects: those without a mailbox are not recipients
	Hash      string    `json:"hash" cbor:"4,keyasint"`     // SHA-256, hexadecimal, of the addresses in byte order, one a line
	Seq       uint64    `json:"seq" cbor:"5,keyasint"`      // of the directory
	Extract   time.Time `json:"extract,omitzero" cbor:"6,keyasint"`
	Audience  string    `json:"audience" cbor:"7,keyasint"` // spelled out
	At        time.Time `json:"at" cbor:"8,keyasint"`
}

// AlertState is where an alert stands (docs/ALERTS.md draws it).
type AlertState string

// The states.
const (
	AlertDrafted   AlertState = "draft"
	AlertSubmitted AlertState = "submitted"
	AlertApproved  AlertState = "approved"
	AlertSending   AlertState = "sending"
	AlertPaused    AlertState = "paused"
	AlertSent      AlertState = "sent"
	AlertCancelled AlertState = "cancelled"
	AlertExpired   AlertState = "expired" // not everybody was reached in time
)

// Ended reports whether nothing more is sent.
func (s AlertState) Ended() bool {
	return s == AlertSent || s == AlertCancelled || s == AlertExpired
}

// The words of the Common Alerting Protocol 1.2, in lower case.
type (
	AlertSeverity  string
	AlertUrgency   string
	AlertCertainty string
	AlertStatus    string
	AlertKind      string
)

// The four severities, from the highest: an alert overtakes those of lower ones.
const (
	SeverityExtreme  AlertSeverity = "extreme"
	SeveritySevere   AlertSeverity = "severe"
	SeverityModerate AlertSeverity = "moderate"
	SeverityMinor    AlertSeverity = "minor"
)

// What may be said of an alert beside its severity.
const (
	StatusActual   AlertStatus = "actual"
	StatusExercise AlertStatus = "exercise" // EXERCICE in the subject
	StatusTest     AlertStatus = "test"     // TEST in the subject

	KindAlert  AlertKind = "alert"
	KindUpdate AlertKind = "update" // of an earlier one (Refers)
	KindCancel AlertKind = "cancel" // of an earlier one (Refers)
)

// The possible values, each list in its order.
var (
	AlertSeverities  = []AlertSeverity{SeverityExtreme, SeveritySevere, SeverityModerate, SeverityMinor}
	AlertUrgencies   = []AlertUrgency{"immediate", "expected", "future", "past", "unknown"}
	AlertCertainties = []AlertCertainty{"observed", "likely", "possible", "unlikely", "unknown"}
	AlertStatuses    = []AlertStatus{StatusActual, StatusExercise, StatusTest}
	AlertKinds       = []AlertKind{KindAlert, KindUpdate, KindCancel}
)
