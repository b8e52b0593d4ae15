package annuaire

import "time"

// Selection asks for everyone of whom Where is true, all at once: who they are, whether a mailbox reaches them, and how they divide. It is
// for audiences; it takes about sixty bytes of memory per person.
type Selection struct {
	Where Expr
	// Counted is about one situation: the situations of these people that count in Split, Detail and Places (of a doctor who is here for
	// Lyon, not the consultation in Mâcon). The zero Expr counts all.
	Counted Expr
	Split   []Field       // profession, specialty, department, region, mode, sector, city (by commune)
	Detail  []Field       // at most MaxDetail of them: the value of each person, the first of the first situation that counts
	Kinds   []MailboxKind // published mailboxes that count as reaching somebody; empty: of any kind
	Hidden  []string      // people whom a mailbox reaches that is not published, by IdNatPP, in any order
	Places  bool          // the structures of the situations that count
}

// MaxDetail is how many fields of each person one selection may ask for.
const MaxDetail = 2

// Reach says how someone can be written to. Both may hold.
type Reach uint8

// The ways.
const (
	ReachPublished Reach = 1 << iota // at a published mailbox
	ReachHidden                      // at a mailbox that is not published
)

// Selected is the answer: everyone, sorted by IdNatPP, with what was asked beside them.
type Selected struct {
	Seq    uint64    // of the log, up to which the index was
	AsOf   time.Time // of the extract
	Total  int       // people of the directory, selected or not
	IDs    []string
	Reach  []Reach             // beside IDs
	Detail map[Field][]string  // beside IDs; "" for who has no value
	Splits map[Field][]Split   // the most frequent first; labels where a table knows them
	Places map[string]struct{} // FINESS (site and legal entity) and SIRET numbers
}

// Split is a value and how many of those selected have it, in a situation that counts. Whoever has several values is in several.
type Split struct {
	Coded
	People    int `json:"people"`
	Published int `json:"published"` // of them, those with a published mailbox
	Reachable int `json:"reachable"` // of them, those with any mailbox
}

// BoxReader reads published mailboxes of one state of the directory.
type BoxReader interface {
	Of(id string) ([]HeldBox, error)                       // of a person, preferred first, until the next call; not for concurrent use
	EachOf(kind MailboxKind, fn func(Mailbox) error) error // by address
}

// HeldBox is a published mailbox of a person, as far as choosing among them needs it.
type HeldBox struct {
	Address    string
	Kind       MailboxKind
	Rank       int       // of a registered one as its operator states it, 0 when not; of a national one its place in the extract
	Registered bool      // it comes from an operator's registration, not from the national extract
	Changed    time.Time // of the extract, or when the registration last changed
}
