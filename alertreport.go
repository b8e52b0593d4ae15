package annuaire

import "time"

// AlertCounts says how many recipients are where. Every recipient counts once among Queued to Cancelled.
type AlertCounts struct {
	Recipients int `json:"recipients" cbor:"1,keyasint"`
	Queued     int `json:"queued" cbor:"2,keyasint"`
	Deferred   int `json:"deferred" cbor:"3,keyasint"` // refused for now, tried again
	Accepted   int `json:"accepted" cbor:"4,keyasint"` // by the relay
	Failed     int `json:"failed" cbor:"5,keyasint"`   // for good, by the relay
	Skipped    int `json:"skipped" cbor:"6,keyasint"`  // orphaned or suspended since the list was frozen
	Expired    int `json:"expired" cbor:"7,keyasint"`  // not sent in time
	Cancelled  int `json:"cancelled" cbor:"8,keyasint"`

	Delivered    int `json:"delivered" cbor:"9,keyasint"` // of the accepted: as reports of delivery say
	Bounced      int `json:"bounced" cbor:"10,keyasint"`
	Acknowledged int `json:"acknowledged" cbor:"11,keyasint"`
	Repeated     int `json:"repeated" cbor:"12,keyasint"` // handed over again although they may have had it: same Message-ID, an upper bound
}

// AlertGroup is the counts of one group of recipients.
type AlertGroup struct {
	Code   string      `json:"code" cbor:"1,keyasint"` // "" where the directory states none
	Counts AlertCounts `json:"counts" cbor:"2,keyasint"`
}

// AlertReport is how the sending of an alert goes.
type AlertReport struct {
	ID          string         `json:"id" cbor:"1,keyasint"`
	State       AlertState     `json:"state" cbor:"2,keyasint"`
	At          time.Time      `json:"at" cbor:"3,keyasint"`
	Counts      AlertCounts    `json:"counts" cbor:"4,keyasint"`
	Departments []AlertGroup   `json:"departments" cbor:"5,keyasint"` // by code
	Professions []AlertGroup   `json:"professions" cbor:"6,keyasint"`
	Codes       map[string]int `json:"codes" cbor:"7,keyasint"` // answers of the relay to those deferred and failed: "550 5.1.1"
	Problem     string         `json:"problem,omitempty" cbor:"8,keyasint,omitempty"`
}

// AlertRecipient is one line of a frozen list with its state. Address and ID of a red-listed mailbox are for RoleAlertAddresses.
type AlertRecipient struct {
	N            int       `json:"n"` // its number in the list, from 1
	ID           string    `json:"professional,omitempty"`
	Address      string    `json:"address,omitempty"`
	RedListed    bool      `json:"red_listed"`
	Department   string    `json:"department,omitempty"`
	Profession   string    `json:"profession,omitempty"`
	State        string    `json:"state"`
	At           time.Time `json:"at,omitzero"`
	Attempts     int       `json:"attempts"`
	Code         string    `json:"code,omitempty"` // answer of the relay: "451 4.3.0"
	Delivery     string    `json:"delivery,omitempty"`
	Acknowledged time.Time `json:"acknowledged,omitzero"`
	Repeated     bool      `json:"repeated,omitempty"`
	MessageID    string    `json:"message_id,omitempty"`
}

// AlertOrder is what comes with a step: each step takes what it needs.
type AlertOrder struct {
	Reason   string `json:"reason,omitempty"`   // to reject, pause, cancel; at most 300 characters
	Everyone bool   `json:"everyone,omitempty"` // to submit and approve: yes, to everybody
}

// AlertPreview says who would receive it.
type AlertPreview struct {
	Audience  string   `json:"audience"`  // spelled out
	Selected  int      `json:"selected"`  // people
	Reachable int      `json:"reachable"` // of them, with a mailbox to write to
	Messages  int      `json:"messages"`  // with those to services
	RedListed int      `json:"red_listed"`
	Everyone  bool     `json:"everyone"` // everybody, or so many that it is as good: submit and approve ask for a confirmation
	Warnings  []string `json:"warnings"`
	Subject   string   `json:"subject"`
	Body      string   `json:"body"` // in plain text, as it is sent
	Detail    any      `json:"detail,omitempty"`
}

// AlertStep is one line of the evidence.
type AlertStep struct {
	At   time.Time `json:"at"`
	Who  AlertHand `json:"who"`
	What string    `json:"what"` // "create", "submit", "approve", …
	Why  string    `json:"why,omitempty"`
}

// AlertEvidence is what proves who approved which message to whom.
type AlertEvidence struct {
	Alert  Alert       `json:"alert"`
	Print  string      `json:"print"` // SHA-256, hexadecimal, of the message as written: what was tested, submitted and approved
	Steps  []AlertStep `json:"steps"`
	Report AlertReport `json:"report"`
}

// AlertPublic is an alert as the archive shows it: no audience, no recipient, no person.
type AlertPublic struct {
	ID        string         `json:"id"`
	Issuer    string         `json:"issuer"`
	State     AlertState     `json:"state"`
	Status    AlertStatus    `json:"status"`
	Kind      AlertKind      `json:"kind"`
	Refers    string         `json:"refers,omitempty"`
	Severity  AlertSeverity  `json:"severity"`
	Urgency   AlertUrgency   `json:"urgency"`
	Certainty AlertCertainty `json:"certainty"`
	Sent      time.Time      `json:"sent"`
	Expires   time.Time      `json:"expires"`
	Title     Bilingual      `json:"title"`
	Summary   Bilingual      `json:"summary"`
	Text      Bilingual      `json:"text"`
	Area      string         `json:"area,omitempty"`
	Legal     string         `json:"legal"`
}

// AlertDelivery is what a mail system reports of a message that it had accepted.
type AlertDelivery struct {
	MessageID string `json:"message_id"`
	Status    string `json:"status"`         // "delivered", "failed", "delayed"
	Code      string `json:"code,omitempty"` // RFC 3463: "5.1.1"
}

// AlertReceipt is what whoever follows the link of a message is shown.
type AlertReceipt struct {
	ID           string    `json:"id"`
	Title        Bilingual `json:"title"`
	Acknowledged time.Time `json:"acknowledged,omitzero"`
	Trial        bool      `json:"trial,omitempty"` // the link of a test send: nothing is recorded
}
