package index

import (
	"cmp"
	"slices"

	"annuaire"
)

// planOp is what a step of a plan does.
type planOp uint8

const (
	planAll planOp = iota
	planNone
	planAnd
	planOr
	planLeaf
	planOne // some situation of the person is in the set of the only argument
)

// plan is a query compiled for the evaluator. Negation has been pushed down to leaves and planOne, and what is undefined has
// been settled, so that a plan is a graded set: of people (heads), or, below a planOne, of situations.
type plan struct {
	op   planOp
	neg  bool // the complement
	cost int  // added to that of whoever matches
	late bool // counts only where the question finds few without it
	leaf *criterion
	args []*plan
}

// criterion is a leaf: one field, one value.
type criterion struct {
	id     int // in the memo of a view
	group  int // the criteria that one criterion of the question was taken apart into share it
	field  annuaire.Field
	value  annuaire.Expr
	person bool // is about the person: a set of heads
	rank   int  // what is likely to leave few is evaluated first
	levels []level
}

// level is one way to satisfy a criterion. Levels come cheapest first, no two at one cost.
type level struct {
	cost   int
	how    string // one of the how constants
	m      matcher
	covers bool // m matches all that the levels before it match
	late   bool // asked only where the question finds few without it
}

// How a criterion is satisfied, as the answer says it.
const (
	howExact    = "exact"
	howFolded   = "folded" // but for accents, particles, or where words are cut
	howPrefix   = "prefix"
	howPhonetic = "phonetic"
	howTypo     = "typo"
)

// What a match costs. Costs add up over the criteria of a question, so that two good matches beat a good and a bad one.
const (
	costWord     = 1 // a word of a longer value
	costFolded   = 2
	costPrefix   = 3
	costPhonetic = 5
	costTypo     = 8
	costTypos    = 10 // two of them
)

// exactly is the one level of a criterion that holds or does not.
func exactly(m matcher) []level { return []level{{how: howExact, m: m, covers: true}} }

// beginning is the one level of a criterion about the beginning or a part of a code.
func beginning(m matcher) []level { return []level{{how: howPrefix, m: m, covers: true}} }

// wholeOr puts whole values before the others that m matches.
func wholeOr(whole, m matcher) []level {
	return []level{{how: howExact, m: whole}, {cost: costPrefix, how: howPrefix, m: m, covers: true}}
}

// late reports whether there is more to find than is looked for at first.
func (c *criterion) late() bool { return len(c.levels) > 0 && c.levels[len(c.levels)-1].late }

// dearest is the cost of the last of its levels.
func (c *criterion) dearest() int {
	if len(c.levels) == 0 {
		return 0
	}
	return c.levels[len(c.levels)-1].cost
}

// how says how well a cost satisfies the criterion.
func (c *criterion) how(cost int) string {
	for _, l := range c.levels {
		if l.cost == cost {
			return l.how
		}
	}
	return howExact
}

// compiler turns an Expr into a plan, resolving values once for all segments.
type compiler struct {
	schema   schema
	views    []*view // to know codes newer than the tables
	words    *vocabularies
	criteria []*criterion
	same     map[leafKey]*criterion
	late     bool // there are guesses
	loose    bool // see looseLeaf
}

// leafKey tells leaves apart: equal ones share a criterion, and what it found.
type leafKey struct {
	op        annuaire.ExprOp
	field     annuaire.Field
	value, to string
}

func newCompiler(s schema, views []*view, words *vocabularies) *compiler {
	return &compiler{schema: s, views: views, words: words, same: map[leafKey]*criterion{}}
}

// compile returns the set of what e is true of; with neg, of what e is false of. An OpUndefined is neither, unless undef says
// to count it in (RFC 4511, 4.5.1.7: three-valued logic).
func (c *compiler) compile(e annuaire.Expr, neg, undef, one bool) (*plan, error) {
	p, err := c.node(e, neg, undef, one)
	if err == nil && !neg {
		p.cost += max(e.Cost, 0)
		if e.Guess {
			p.late, c.late = true, true
		}
	}
	return p, err
}

func (c *compiler) node(e annuaire.Expr, neg, undef, one bool) (*plan, error) {
	switch e.Op {
	case annuaire.OpTrue, annuaire.OpFalse:
		if (e.Op == annuaire.OpTrue) != neg {
			return &plan{op: planAll}, nil
		}
		return &plan{op: planNone}, nil
	case annuaire.OpUndefined:
		if undef {
			return &plan{op: planAll}, nil
		}
		return &plan{op: planNone}, nil
	case annuaire.OpNot:
		if len(e.Args) != 1 {
			return nil, annuaire.Invalid("", "une négation porte sur un seul critère", "a negation has exactly one argument")
		}
		return c.compile(e.Args[0], !neg, undef, one)
	case annuaire.OpAnd, annuaire.OpOr:
		op := planAnd
		if (e.Op == annuaire.OpOr) != neg {
			op = planOr
		}
		return c.group(op, e.Args, neg, undef, one)
	case annuaire.OpOneActivity:
		if one { // one situation is already meant
			return c.compile(annuaire.Expr{Op: annuaire.OpAnd, Args: e.Args}, neg, undef, one)
		}
		arg, err := c.group(planAnd, e.Args, false, undef != neg, true)
		return &plan{op: planOne, neg: neg, args: []*plan{arg}}, err
	}
	p, err := c.leaf(e)
	if err == nil && neg {
		p = &plan{op: planAnd, neg: true, args: []*plan{p}}
	}
	return p, err
}

func (c *compiler) group(op planOp, args []annuaire.Expr, neg, undef, one bool) (*plan, error) {
	p := &plan{op: op}
	if c.loose && op == planOr {
		args = absorb(args)
	}
	for _, a := range args {
		arg, err := c.compile(a, neg, undef, one)
		if err != nil {
			return nil, err
		}
		p.args = append(p.args, arg)
	}
	if op == planAnd {
		slices.SortStableFunc(p.args, func(a, b *plan) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return p, nil
}

// searching tells a plan that looks through words, from one that takes lists that are there: codes, and whole names.
func (p *plan) searching() bool {
	if p.op == planLeaf {
		return len(p.leaf.levels) > 1 && (p.leaf.rank == rankName || p.leaf.rank == rankWords)
	}
	return slices.ContainsFunc(p.args, (*plan).searching)
}

// projecting tells a plan of which situations are brought back to their people: the fewer there are, the sooner.
func (p *plan) projecting() bool {
	return p.op == planOne || p.op == planLeaf && !p.leaf.person || slices.ContainsFunc(p.args, (*plan).projecting)
}

// personal tells a plan that asks about people, not about situations alone.
func (p *plan) personal() bool {
	return p.op == planLeaf && p.leaf.person || slices.ContainsFunc(p.args, (*plan).personal)
}

// rank orders the arguments of a conjunction.
func (p *plan) rank() int {
	switch {
	case p.op == planNone:
		return -1
	case p.neg:
		return rankWords + 1
	case p.op == planLeaf:
		return p.leaf.rank
	case p.op == planAll:
		return rankWords + 2
	case p.op == planOr:
		out := 0
		for _, a := range p.args {
			out = max(out, a.rank())
		}
		return out
	}
	out := rankWords
	for _, a := range p.args {
		out = min(out, a.rank())
	}
	return out
}

// The ranks of criteria.
const (
	rankOne   = iota // an identifier
	rankName         // a name
	rankPlace        // a place
	rankBroad        // a code
	rankWords        // words of a structure or a street: dear to look for, less so among few
)
