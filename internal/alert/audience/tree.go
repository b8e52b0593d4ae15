package audience

import (
	"iter"
	"slices"

	"github.com/samber/lo"

	"annuaire"
)

// Limits of an audience, in either form.
const (
	maxText   = 1 << 20 // bytes of text
	maxJSON   = 2 << 20 // bytes of JSON
	maxDepth  = 16      // parentheses inside parentheses
	maxNodes  = 1_000   // criteria and groups
	maxValues = 20_000  // values of all criteria together
	maxValue  = 100     // characters of one value
)

// Op is what a node does.
type Op string

// The operations.
const (
	OpIs  Op = "is"  // the field has one of the values
	OpAll Op = "all" // all arguments hold, within one activity
	OpAny Op = "any" // one of the arguments holds
	OpNot Op = "not" // the activity is not so
)

// Node is a criterion on one activity of a person, or a group of them.
type Node struct {
	Op     Op
	Field  Field    // OpIs
	Values []string // OpIs: as they were written, one at least
	Args   []Node   // OpAll, OpAny: two at least; OpNot: one

	at place // where it was written, for messages
}

// Audience is who is meant: everyone with an activity of which Where is true (or everyone) and with one for each of Also; and those of
// whom some Include is true; without those of whom some Exclude is, which always wins.
type Audience struct {
	Everyone bool                   `json:"everyone,omitempty"`
	Where    *Node                  `json:"where,omitempty"`
	Also     []Node                 `json:"also,omitempty"`
	Include  []Node                 `json:"include,omitempty"`
	Exclude  []Node                 `json:"exclude,omitempty"`
	Kinds    []annuaire.MailboxKind `json:"kinds,omitempty"` // mailboxes to write to; empty: defaultKinds
}

// defaultKinds are the mailboxes that are written to when the audience names none: those of people.
var defaultKinds = []annuaire.MailboxKind{annuaire.KindPER, annuaire.KindCAB}

// mailboxKinds are the mailboxes that may be written to.
func (a *Audience) mailboxKinds() []annuaire.MailboxKind {
	kinds := a.Kinds
	if len(kinds) == 0 {
		kinds = defaultKinds
	}
	return slices.Clone(kinds)
}

// place is where something was written: a character of a text, from 1, or the path of a JSON member.
type place struct {
	char int
	path string
}

// groups are the named groups of an audience, in the order in which they are written.
func (a *Audience) groups() []namedGroup {
	return []namedGroup{{"also", &a.Also}, {"include", &a.Include}, {"exclude", &a.Exclude}}
}

type namedGroup struct {
	name  string
	nodes *[]Node
}

// group is the named group of a name.
func (a *Audience) group(name string) *[]Node {
	g, _ := lo.Find(a.groups(), func(g namedGroup) bool { return g.name == name })
	return g.nodes
}

// where is the name of the criteria, beside those of the groups.
const where = "where"

// parts are the criteria and the members of the named groups, in the order in which they are written.
func (a *Audience) parts() iter.Seq2[string, *Node] {
	return func(yield func(string, *Node) bool) {
		if a.Where != nil && !yield(where, a.Where) {
			return
		}
		for _, g := range a.groups() {
			for i := range *g.nodes {
				if !yield(g.name, &(*g.nodes)[i]) {
					return
				}
			}
		}
	}
}

// normal brings a tree into its one form: groups of one are that one, groups in groups of their kind are part of them, what is negated
// twice is not negated, no value stands twice.
func normal(n Node) Node {
	switch n.Op {
	case OpIs:
		n.Values = lo.Uniq(n.Values)
		return n
	case OpNot:
		arg := normal(n.Args[0])
		if arg.Op == OpNot {
			return arg.Args[0]
		}
		n.Args = []Node{arg}
		return n
	}
	args := make([]Node, 0, len(n.Args))
	for _, a := range n.Args {
		if a = normal(a); a.Op == n.Op {
			args = append(args, a.Args...)
		} else {
			args = append(args, a)
		}
	}
	if len(args) == 1 {
		return args[0]
	}
	n.Args = args
	return n
}

func (a *Audience) normalise() {
	for _, n := range a.parts() {
		*n = normal(*n)
	}
	kinds := lo.Intersect([]annuaire.MailboxKind{annuaire.KindPER, annuaire.KindCAB, annuaire.KindORG}, a.Kinds)
	if a.Kinds = nil; len(kinds) > 0 && !slices.Equal(kinds, defaultKinds) {
		a.Kinds = kinds
	}
}
