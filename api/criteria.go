package api

import (
	"strconv"
	"strings"

	"annuaire"
)

// query makes the question that a request asks; after is where its cursor continues, or nil.
func (req *request) query(after *annuaire.Position) annuaire.Query {
	q := annuaire.Query{Where: req.where(), Sort: req.sort(), Limit: req.limit(), After: after}
	for _, f := range req.values["facets"] {
		q.Facets = append(q.Facets, annuaire.Field(f))
	}
	return q
}

func (req *request) sort() annuaire.Sort {
	return annuaire.Sort(req.first("sort", string(annuaire.SortRelevance)))
}

func (req *request) match() string { return req.first("match", matchPrefix) }

func (req *request) limit() int {
	n, err := strconv.Atoi(req.first("limit", strconv.Itoa(annuaire.DefaultLimit)))
	if err != nil { // kindLimit lets numbers through only
		return annuaire.DefaultLimit
	}
	return n
}

// where puts the criteria together. Different parameters must all hold, the values of one are alternatives. About people,
// what belongs to a situation goes into one OneActivity, a lone criterion too: facets and the place of the matching
// activity depend on it. Structures and mailboxes have no situations.
func (req *request) where() annuaire.Expr {
	var all, situation []annuaire.Expr
	for _, p := range req.route.params {
		vals := req.values[p.name]
		if p.scope == scopePage || len(vals) == 0 {
			continue
		}
		alts := make([]annuaire.Expr, len(vals))
		for i, v := range vals {
			alts[i] = p.leaf(v, req.match() == matchExact)
		}
		if p.scope == scopeSituation && req.route.on == onProfessionals {
			situation = append(situation, annuaire.Or(alts...))
			continue
		}
		all = append(all, annuaire.Or(alts...))
	}
	if len(situation) > 0 {
		all = append(all, annuaire.OneActivity(situation...))
	}
	if len(all) == 0 {
		return annuaire.Expr{} // no criterion means everyone
	}
	return annuaire.And(all...)
}

func (p *param) leaf(v string, exact bool) annuaire.Expr {
	if p.kind.leaf == nil {
		return annuaire.Equals(p.field, v)
	}
	return p.kind.leaf(p.field, v, exact)
}

// blame gives an error of the Directory about a field the name of the parameter that the client wrote.
func (req *request) blame(field string) string {
	for _, p := range req.route.params {
		if string(p.field) == field && p.scope != scopePage && len(req.values[p.name]) > 0 {
			return p.name
		}
	}
	return ""
}

// explanation says how a question was understood.
type explanation struct {
	Where string `json:"where"`
	Match string `json:"match"`
	Sort  string `json:"sort"`
}

func (req *request) explain() *explanation {
	if req.first("explain", "false") != "true" {
		return nil
	}
	return &explanation{Where: render(req.where()), Match: req.match(), Sort: string(req.sort())}
}

// opNames are the operations as explanations write them.
var opNames = map[annuaire.ExprOp]string{
	annuaire.OpTrue: "everything", annuaire.OpFalse: "nothing", annuaire.OpUndefined: "undefined", annuaire.OpAnd: "and", annuaire.OpOr: "or",
	annuaire.OpNot: "not", annuaire.OpOneActivity: "one_activity", annuaire.OpEquals: "equals", annuaire.OpPrefix: "prefix",
	annuaire.OpContains: "contains", annuaire.OpSimilar: "similar", annuaire.OpRange: "range", annuaire.OpPresent: "present",
}

// render writes a query tree for a reader: and(prefix(family, "dup"), one_activity(equals(profession, "10"))).
func render(e annuaire.Expr) string {
	var parts []string
	if e.Field != "" {
		parts = append(parts, string(e.Field))
		if e.Op != annuaire.OpPresent {
			parts = append(parts, strconv.Quote(e.Value))
		}
		if e.Op == annuaire.OpRange {
			parts = append(parts, strconv.Quote(e.To))
		}
	}
	for _, a := range e.Args {
		parts = append(parts, render(a))
	}
	if len(parts) == 0 {
		return opNames[e.Op]
	}
	return opNames[e.Op] + "(" + strings.Join(parts, ", ") + ")"
}
