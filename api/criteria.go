package api

import (
	"strconv"
	"strings"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/freetext"
)

// query makes the question that a request asks; after is where its cursor continues, or nil.
func (req *request) query(after *annuaire.Position) annuaire.Query {
	q := annuaire.Query{Where: req.where(req.text()), Sort: req.sort(), Limit: req.number("limit", annuaire.DefaultLimit), After: after}
	for _, f := range req.values["facets"] {
		q.Facets = append(q.Facets, annuaire.Field(f))
	}
	return q
}

func (req *request) sort() annuaire.Sort {
	return annuaire.Sort(req.first("sort", string(annuaire.SortRelevance)))
}

func (req *request) match() string { return req.first("match", matchTolerant) }

// where puts the criteria together. Different parameters must all hold, the values of one are alternatives. About people,
// what belongs to a situation goes into one OneActivity, a lone criterion too: facets and the place of the matching
// activity depend on it; so does what the free text says of one. Structures and mailboxes have no situations.
func (req *request) where(text annuaire.Expr) annuaire.Expr {
	all, situation := parts(text)
	for _, p := range req.route.params {
		vals := req.values[p.name]
		if p.scope == scopePage || p.scope == scopeText || len(vals) == 0 {
			continue
		}
		alts := make([]annuaire.Expr, len(vals))
		for i, v := range vals {
			alts[i] = p.leaf(v, req.match())
		}
		if p.scope == scopeSituation && req.route.about() == onProfessionals {
			situation = append(situation, annuaire.Or(alts...))
			continue
		}
		all = append(all, annuaire.Or(alts...))
	}
	if len(situation) > 0 {
		all = append(all, annuaire.OneActivity(situation...))
	}
	switch {
	case len(all) > 0:
		return annuaire.And(all...)
	case len(req.values["q"]) > 0: // all of it was ignored: who asked for something does not get everyone
		return annuaire.Expr{Op: annuaire.OpFalse}
	}
	return annuaire.Expr{} // no criterion means everyone
}

// parts takes a question apart: what is about the record, and what holds within one activity.
func parts(e annuaire.Expr) (all, situation []annuaire.Expr) {
	switch e.Op {
	case annuaire.OpTrue:
		return nil, nil
	case annuaire.OpOneActivity:
		return nil, e.Args
	case annuaire.OpAnd:
		for _, a := range e.Args {
			more, within := parts(a)
			all, situation = append(all, more...), append(situation, within...)
		}
		return all, situation
	}
	return []annuaire.Expr{e}, nil
}

func (p *param) leaf(v, match string) annuaire.Expr {
	if p.kind.leaf == nil {
		return annuaire.Equals(p.field, v)
	}
	return p.kind.leaf(p.field, v, match)
}

// blame gives an error of the Directory about a field the name of the parameter that the client wrote.
func (req *request) blame(field string) string {
	for _, p := range req.route.params {
		if string(p.field) == field && p.scope != scopePage && len(req.values[p.name]) > 0 {
			return p.name
		}
	}
	if len(req.values["q"]) > 0 {
		return "q"
	}
	return ""
}

// explanation says how a question was understood.
type explanation struct {
	Where      string          `json:"where"`
	Match      string          `json:"match"`
	Sort       string          `json:"sort"`
	Understood []understoodDTO `json:"understood,omitempty"` // of q
}

// understoodDTO is how a part of a free text was read.
type understoodDTO struct {
	Text  string  `json:"text"`
	As    string  `json:"as"`
	Value string  `json:"value"`
	Label *string `json:"label"`
}

func (req *request) explain(where annuaire.Expr, text freetext.Question) *explanation {
	if !req.explained() {
		return nil
	}
	return &explanation{Where: render(where), Match: req.match(), Sort: string(req.sort()),
		Understood: lo.Map(text.Parts, func(p freetext.Part, _ int) understoodDTO {
			return understoodDTO{p.Text, string(p.Field), p.Value, opt(p.Label)}
		})}
}

func (req *request) explained() bool { return req.first("explain", "false") == "true" }

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
	out := opNames[e.Op]
	if len(parts) > 0 {
		out += "(" + strings.Join(parts, ", ") + ")"
	}
	if e.Cost > 0 {
		out += "+" + strconv.Itoa(e.Cost)
	}
	if e.Guess {
		out += "?"
	}
	return out
}
