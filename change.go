package annuaire

import "time"

// KindLoad is the kind of the one change that stands for everything a first load brought.
const KindLoad Kind = "load"

// Change is one line of the feed: what became of a record, and when the extract said so. One of the records is set unless it is gone
// or a load.
type Change struct {
	Seq       uint64
	Run       string
	Time      time.Time // of the extract
	Kind      Kind
	Op        ChangeOp
	ID        string
	Person    *Professional
	Structure *Structure
	Mailbox   *Mailbox
}
