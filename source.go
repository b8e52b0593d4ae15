package annuaire

import "time"

// Source says where a record comes from: the time of the extract that last changed it (its 12-digit timestamp, UTC) and
// the run that brought it.
type Source struct {
	Extract time.Time `json:"extract" cbor:"1,keyasint"`
	Run     string    `json:"run" cbor:"2,keyasint"`
}

// Kind names what a change or a count is about.
type Kind string

// The kinds of record.
const (
	KindPerson    Kind = "person"
	KindStructure Kind = "structure"
	KindMailbox   Kind = "mailbox"
)

// ChangeOp is what happened to a record.
type ChangeOp string

// The operations of a change.
const (
	Created ChangeOp = "created"
	Changed ChangeOp = "changed"
	Gone    ChangeOp = "gone"
)
