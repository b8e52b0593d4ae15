package annuaire

// Book is an address book: what mail clients search, entry by entry (DESIGN 9).
type Book string

const (
	BookMailboxes  Book = "mailboxes"  // one entry per published mailbox
	BookPeople     Book = "people"     // one entry per person
	BookStructures Book = "structures" // one entry per structure
)

// Browse is a question about an address book. What its answer holds are candidates: everything of which Where is true, and possibly
// more; whoever asks checks each. That is what lets it answer at once: nothing is counted, and nothing is looked for beyond what is taken.
type Browse struct {
	Book  Book
	Where Expr
	// Enough is how many candidates will do. Those that match well come first, the others (a part of a word rather than its
	// beginning) are looked for only where there are fewer than that. 0: all of them, in an order that does not change, so that After
	// of a later question continues where this one stopped.
	Enough int
	After  *Position
}
