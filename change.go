package annuaire

import (
	"fmt"
	"time"
)

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

// GapError is the answer to a reader of the feed who cannot go on from where it stands: changes after that are no longer kept, or it
// stands in a history that a restored backup has replaced. It is of CodeGone.
type GapError struct {
	Restart uint64 // read everything anew (export), then go on after this sequence
}

// Error says what to do.
func (g *GapError) Error() string { return g.Unwrap().Error() }

// Unwrap returns the error that clients see.
func (g *GapError) Unwrap() error {
	return Errorf(CodeGone, "since",
		fmt.Sprintf("les changements depuis ce numéro ne sont pas conservés : exportez à nouveau (/v1/export/…), puis reprenez avec since=%d", g.Restart),
		fmt.Sprintf("the changes since that number are not kept: export again (/v1/export/…), then go on with since=%d", g.Restart), nil)
}
