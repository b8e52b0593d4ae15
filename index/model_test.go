package index

import (
	"cmp"
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/names"
	"annuaire/internal/nomenclature"
)

// truth is three-valued, as in RFC 4511, 4.5.1.7.
type truth int

const (
	no truth = iota
	undefined
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// model answers as the contract says, by looking at every record.
type model struct{ people map[string]PersonDoc }

// find returns who matches, in the order of results: by cost, then by name.
func (m model) find(e annuaire.Expr) []string {
	var ids []string
	cost := map[string]int{}
	for id, p := range m.people {
		if holds(p, e) == yes {
			ids = append(ids, id)
			cost[id] = costIn(p, situationsOf(p), e, false)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(cost[a], cost[b]), m.byName(a, b))
	})
	return ids
}

func (m model) byName(a, b string) int {
	p, q := m.people[a].Person, m.people[b].Person
	return cmp.Or(strings.Compare(names.Fold(p.Family), names.Fold(q.Family)), strings.Compare(names.Fold(p.Given), names.Fold(q.Given)), strings.Compare(a, b))
}

// never is the cost of what does not match.
const never = 1 << 20

// costIn is what it costs a person to match e (with neg, not to) in one of some situations: beginnings where whole values do not
// match, added up over conjunctions; nothing for what is negated.
func costIn(p PersonDoc, in []annuaire.Situation, e annuaire.Expr, neg bool) int {
	if e.Op == annuaire.OpNot {
		return costIn(p, in, e.Args[0], !neg)
	}
	if e.Op == annuaire.OpAnd || e.Op == annuaire.OpOr || e.Op == annuaire.OpOneActivity && len(in) == 1 {
		sum, least := 0, never
		for _, a := range e.Args {
			c := costIn(p, in, a, neg)
			sum, least = min(never, sum+c), min(least, c)
		}
		if (e.Op == annuaire.OpOr) != neg {
			return least
		}
		return sum
	}
	hold := func(e annuaire.Expr) truth {
		out := no
		for _, s := range in {
			out = max(out, holdsIn(p, s, e))
		}
		return out
	}
	switch {
	case neg && hold(e) == no, !neg && e.Op == annuaire.OpTrue:
		return 0
	case neg || hold(e) != yes:
		return never
	case e.Op == annuaire.OpOneActivity:
		least := never
		for _, s := range in {
			least = min(least, costIn(p, []annuaire.Situation{s}, e, false))
		}
		return least
	}
	text := slices.Contains([]annuaire.Field{"name", "family", "given", "structure", "street", "city"}, e.Field)
	if text && (e.Op == annuaire.OpPrefix || e.Op == annuaire.OpContains) {
		if e.Op = annuaire.OpEquals; hold(e) != yes {
			return costPrefix
		}
	}
	return 0
}

func situationsOf(p PersonDoc) []annuaire.Situation {
	s := p.Person.Situations()
	if len(s) == 0 {
		s = []annuaire.Situation{{Practice: &annuaire.Practice{}}}
	}
	return s
}

func holds(p PersonDoc, e annuaire.Expr) truth {
	if e.Op == annuaire.OpOneActivity {
		return some(p, annuaire.Expr{Op: annuaire.OpAnd, Args: e.Args})
	}
	if len(e.Args) == 0 && e.Field != "" {
		return some(p, e)
	}
	return logic(e, func(a annuaire.Expr) truth { return holds(p, a) })
}

func some(p PersonDoc, e annuaire.Expr) truth {
	out := no
	for _, s := range situationsOf(p) {
		out = max(out, holdsIn(p, s, e))
	}
	return out
}

func holdsIn(p PersonDoc, s annuaire.Situation, e annuaire.Expr) truth {
	if len(e.Args) == 0 && e.Field != "" {
		return truthOf(leafHolds(p, s, e))
	}
	if e.Op == annuaire.OpOneActivity {
		e.Op = annuaire.OpAnd
	}
	return logic(e, func(a annuaire.Expr) truth { return holdsIn(p, s, a) })
}

func logic(e annuaire.Expr, arg func(annuaire.Expr) truth) truth {
	switch e.Op {
	case annuaire.OpFalse:
		return no
	case annuaire.OpUndefined:
		return undefined
	case annuaire.OpNot:
		return yes - arg(e.Args[0])
	case annuaire.OpOr:
		out := no
		for _, a := range e.Args {
			out = max(out, arg(a))
		}
		return out
	}
	out := yes
	for _, a := range e.Args {
		out = min(out, arg(a))
	}
	return out
}

func leafHolds(p PersonDoc, s annuaire.Situation, e annuaire.Expr) bool {
	var a annuaire.Activity
	if s.Activity != nil {
		a = *s.Activity
	}
	var addr annuaire.Address
	if a.Address != nil {
		addr = *a.Address
	}
	var st annuaire.StructureRef
	if a.Structure != nil {
		st = *a.Structure
	}
	who := p.Person
	switch e.Field {
	case "id":
		return inCodes(e, []string{who.ID})
	case "family":
		return textHolds(e, who.Family)
	case "given":
		return textHolds(e, who.Given)
	case "name":
		return nameHolds(e, who)
	case "mailbox":
		var all []string
		for _, b := range p.Mailboxes {
			all = append(all, strings.ToLower(b.Address))
		}
		e.Value, e.To = strings.ToLower(e.Value), strings.ToLower(e.To)
		return inCodes(e, all)
	case "has_mailbox":
		return (e.Value == "true") == (len(p.Mailboxes) > 0)
	case "structure":
		return textHolds(e, st.Name, st.TradeName)
	case "street":
		return textHolds(e, append(addr.Lines, addr.Street)...)
	case "city":
		return cityHolds(e, addr)
	case "postal_code":
		return addr.PostalCode != "" && (e.Op == annuaire.OpPresent || addr.PostalCode == e.Value || len(e.Value) < 5 && strings.HasPrefix(addr.PostalCode, e.Value))
	}
	return codeHolds(s.Practice, a, addr, st, e)
}

func codeHolds(pr *annuaire.Practice, a annuaire.Activity, addr annuaire.Address, st annuaire.StructureRef, e annuaire.Expr) bool {
	var have []string
	table := nomenclature.Table(e.Field)
	switch e.Field {
	case "profession":
		have = []string{pr.Profession.Code}
	case "category":
		have = []string{pr.Category.Code}
	case "specialty":
		table = nomenclature.Skill
		for _, sp := range pr.Specialties {
			have = append(have, sp.Code)
		}
	case "mode":
		have = []string{a.Mode.Code}
	case "sector":
		have = []string{a.Sector.Code}
	case "setting":
		have = []string{nomenclature.SettingOf(a.Sector.Code)}
	case "department":
		have = []string{addr.Department.Code}
	case "region":
		have = []string{addr.Region.Code}
	case "insee":
		have = withCity(addr.INSEE)
	case "finess":
		have = []string{st.FINESS, st.FINESSEJ}
	case "siret":
		have = []string{st.SIRET}
	case "siren":
		have = []string{st.SIREN, st.SIRET[:min(9, len(st.SIRET))]}
	case "structure_id":
		have = []string{st.ID}
	}
	if codes, ok := nomenclature.Resolve(table, e.Value); ok && e.Op == annuaire.OpEquals {
		return slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(have, c) })
	}
	return inCodes(e, have)
}

func withCity(insee string) []string {
	c, _ := geo.ByINSEE(insee)
	return []string{insee, c.Parent}
}

func inCodes(e annuaire.Expr, have []string) bool {
	return slices.ContainsFunc(have, func(c string) bool {
		switch {
		case c == "":
			return false
		case e.Op == annuaire.OpPresent:
			return true
		case e.Op == annuaire.OpPrefix:
			return strings.HasPrefix(c, e.Value)
		case e.Op == annuaire.OpContains:
			return strings.Contains(c, e.Value)
		case e.Op == annuaire.OpRange:
			return e.Value <= c && (e.To == "" || c <= e.To)
		}
		return c == e.Value
	})
}
