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
// been settled, so that a plan is a set: of people (heads), or, below a planOne, of situations.
type plan struct {
	op   planOp
	neg  bool // planLeaf, planOne: the complement
	leaf *criterion
	args []*plan
}

// criterion is a leaf: one field, one value.
type criterion struct {
	id     int // in the memo of a view
	field  annuaire.Field
	value  annuaire.Expr
	person bool // is about the person: a set of heads
	rank   int  // what is likely to leave few is evaluated first
	asked  matcher
	exact  matcher // the whole value, where asked is a prefix; otherwise nil
	weak   bool    // asked is a prefix that has no exact form
}

// compiler turns an Expr into a plan, resolving values once for all segments.
type compiler struct {
	schema   schema
	views    []*view // to know codes newer than the tables
	criteria []*criterion
	same     map[leafKey]*criterion
}

// leafKey tells leaves apart: equal ones share a criterion, and what it found.
type leafKey struct {
	op        annuaire.ExprOp
	field     annuaire.Field
	value, to string
}

func newCompiler(s schema, views []*view) *compiler {
	return &compiler{schema: s, views: views, same: map[leafKey]*criterion{}}
}

// compile returns the set of what e is true of; with neg, of what e is false of. An OpUndefined is neither, unless undef says
// to count it in (RFC 4511, 4.5.1.7: three-valued logic).
func (c *compiler) compile(e annuaire.Expr, neg, undef, one bool) (*plan, error) {
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
	leaf, err := c.criterion(e)
	if err != nil {
		return nil, err
	}
	return &plan{op: planLeaf, neg: neg, leaf: leaf}, nil
}

func (c *compiler) group(op planOp, args []annuaire.Expr, neg, undef, one bool) (*plan, error) {
	p := &plan{op: op}
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

// rank orders the arguments of a conjunction.
func (p *plan) rank() int {
	switch {
	case p.op == planNone:
		return -1
	case p.op == planLeaf && !p.neg:
		return p.leaf.rank
	case p.op == planLeaf || p.op == planOne && p.neg:
		return rankBroad + 1
	case p.op == planAll:
		return rankBroad + 2
	case p.op == planOr:
		out := 0
		for _, a := range p.args {
			out = max(out, a.rank())
		}
		return out
	}
	out := rankBroad
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
	rankWords        // words of a structure or a street
	rankBroad        // a code
)
