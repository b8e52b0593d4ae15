package index

import (
	"context"
	"slices"
	"testing"

	"annuaire"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var personFields = []annuaire.Field{"id", "name", "family", "given", "mailbox", "has_mailbox"}

var situationFields = []annuaire.Field{"profession", "category", "specialty", "mode", "sector", "setting", "structure", "structure_id",
	"finess", "siret", "siren", "street", "city", "postal_code", "insee", "department", "region"}

// values that criteria of a field are drawn from.
var typed = map[annuaire.Field][]string{
	"id":           {"899000000003", "99000000003", "899", "000", "8990000001"},
	"name":         {"martin", "jean martin", "Martin Jean", "m", "pi je", "de la tour", "arc d", "ivan", "zz", "Œ"},
	"family":       {"martin", "de la tour", "DE-LA TOUR", "tour", "la tour", "d arc", "d'arc", "m", "mar", "mart", "goff", "le g", "t de", "saint m", "o", "oeuvr", "Ивано́в", "и", "zz top 2", "---", "2"},
	"given":        {"jean", "jean-pierre", "j", "pi", "marie martin", "jean p", "zelie", "z"},
	"mailbox":      {"a0.0003@medecin.formation.mssante.fr", "A1.0004@medecin.formation.mssante.fr", "a", "a1.", "mssante"},
	"has_mailbox":  {"true", "false"},
	"profession":   {"10", "21", "médecin", "Infirmière", "40"},
	"category":     {"C", "M", "civil"},
	"specialty":    {"SM04", "SM26", "médecine générale", "SM54", "psychiatrie"},
	"mode":         {"S", "L", "libéral", "B"},
	"sector":       {"SA01", "SA07", "SA04"},
	"setting":      {"ville", "hopital", "Hôpital"},
	"structure":    {"centre hospitalier", "centre", "hospitalier mende", "cabinet", "c", "ma", "du centre", "hopital centre", "selarl pharmacie", "dr martin", "centre hospitalier de mende"},
	"structure_id": {"F010000001", "R10000000000003", "F01", "R"},
	"finess":       {"010000001", "010000009", "01", "0100"},
	"siret":        {"12345678900011", "1234"},
	"siren":        {"123456789", "987654321", "9"},
	"street":       {"12 rue des lilas", "rue lilas", "lilas", "r", "rue rue", "place du marche", "lilas rue", "des roses", "1"},
	"city":         {"lyon", "Lyon 3e", "lyon 3e arrondissement", "paris", "Paris 12", "saint etienne", "St-Étienne", "st", "s", "st etienne", "strasbourg", "saint", "69123", "75056", "geneve", "l", "ste"},
	"postal_code":  {"69003", "69", "6", "690", "1205", "12", "7501"},
	"insee":        {"69383", "69123", "75056", "75112", "42218", "69"},
	"department":   {"69", "75", "42"},
	"region":       {"84", "11"},
}

// textFields know every comparison; codes know them by their characters.
var textFields = []annuaire.Field{"name", "family", "given", "structure", "street", "city"}

func drawLeaf(t *rapid.T, fields []annuaire.Field) annuaire.Expr {
	f := rapid.SampledFrom(fields).Draw(t, "field")
	e := annuaire.Expr{Op: annuaire.OpEquals, Field: f, Value: rapid.SampledFrom(typed[f]).Draw(t, "value")}
	ops := []annuaire.ExprOp{annuaire.OpEquals}
	switch {
	case slices.Contains(textFields, f):
		ops = []annuaire.ExprOp{annuaire.OpEquals, annuaire.OpPrefix, annuaire.OpPrefix, annuaire.OpPresent}
		if f != "city" { // the model has no spelling for parts of Saint
			ops = append(ops, annuaire.OpContains)
		}
	case slices.Contains([]annuaire.Field{"finess", "siret", "siren", "structure_id", "mailbox"}, f):
		ops = []annuaire.ExprOp{annuaire.OpEquals, annuaire.OpPrefix, annuaire.OpPresent, annuaire.OpContains, annuaire.OpRange}
	case f == "id" && len(e.Value) < 11:
		ops = []annuaire.ExprOp{annuaire.OpPrefix, annuaire.OpContains, annuaire.OpRange}
	case f == "id":
		if e.Value[0] == '9' {
			e.Value = "8" + e.Value
		}
	case f != "has_mailbox" && f != "postal_code":
		ops = append(ops, annuaire.OpPresent)
	}
	if e.Op = rapid.SampledFrom(ops).Draw(t, "op"); e.Op == annuaire.OpRange && rapid.Bool().Draw(t, "bounded") {
		e.To = e.Value + "5"
	}
	return e
}

// drawExpr draws any tree; with one, below a OneActivity.
func drawExpr(t *rapid.T, depth int, one bool) annuaire.Expr {
	kind := rapid.IntRange(0, 9).Draw(t, "node")
	switch {
	case depth == 0 || kind < 4:
		return drawLeaf(t, slices.Concat(personFields, situationFields))
	case kind == 4:
		return annuaire.Not(drawExpr(t, depth-1, one))
	case kind == 5:
		return annuaire.Expr{Op: rapid.SampledFrom([]annuaire.ExprOp{annuaire.OpTrue, annuaire.OpFalse, annuaire.OpUndefined}).Draw(t, "const")}
	}
	args := make([]annuaire.Expr, rapid.IntRange(0, 3).Draw(t, "args"))
	op := rapid.SampledFrom([]annuaire.ExprOp{annuaire.OpAnd, annuaire.OpOr, annuaire.OpOneActivity}).Draw(t, "group")
	for i := range args {
		args[i] = drawExpr(t, depth-1, one || op == annuaire.OpOneActivity)
	}
	return annuaire.Expr{Op: op, Args: args}
}

// drawREST draws a question as REST parameters make it: criteria on the person, and one OneActivity.
func drawREST(t *rapid.T) annuaire.Expr {
	draw := func(fields []annuaire.Field) []annuaire.Expr {
		var out []annuaire.Expr
		for range rapid.IntRange(0, 3).Draw(t, "criteria") {
			l := drawLeaf(t, fields)
			if rapid.IntRange(0, 2).Draw(t, "repeated") == 0 {
				l = annuaire.Or(l, drawLeaf(t, []annuaire.Field{l.Field}))
			}
			out = append(out, l)
		}
		return out
	}
	who, where := draw(personFields), draw(situationFields)
	if len(where) > 0 {
		who = append(who, annuaire.OneActivity(where...))
	}
	return annuaire.And(who...)
}

// allPages walks every page and returns the ids and the totals said on the way.
func allPages(t interface{ Fatal(...any) }, p *People, q annuaire.Query) (ids []string, totals map[int]bool) {
	totals = map[int]bool{}
	for {
		r, err := p.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		totals[r.Total] = true
		for _, h := range r.Hits {
			ids = append(ids, h.ID)
		}
		if q.After = r.Next; q.After == nil {
			return ids, totals
		}
	}
}

func checkQuestion(t *rapid.T, p *People, m model, e annuaire.Expr) {
	want := m.find(e)
	limit := rapid.SampledFrom([]int{3, 20, 200}).Draw(t, "limit")
	got, totals := allPages(t, p, annuaire.Query{Where: e, Limit: limit})
	if !totals[len(want)] || len(totals) != 1 {
		t.Fatalf("totals %v, want %d for %+v", totals, len(want), e)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%+v: -want +got\n%s", e, diff)
	}
	got, _ = allPages(t, p, annuaire.Query{Where: e, Limit: limit, Sort: annuaire.SortName})
	slices.SortFunc(want, m.byName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("by name, %+v: -want +got\n%s", e, diff)
	}
}

func TestAnyTreeAnswersAsTheModel(t *testing.T) {
	w := newWorld(1, 300)
	p, _ := w.build(t)
	rapid.Check(t, func(t *rapid.T) { checkQuestion(t, p, model{w.people}, drawExpr(t, 4, false)) })
}

func TestRESTQuestionsAnswerAsTheModel(t *testing.T) {
	w := newWorld(2, 300)
	p, _ := w.build(t)
	rapid.Check(t, func(t *rapid.T) { checkQuestion(t, p, model{w.people}, drawREST(t)) })
}

func TestEachCriterionAloneAnswersAsTheModel(t *testing.T) {
	w := newWorld(3, 300)
	p, _ := w.build(t)
	rapid.Check(t, func(t *rapid.T) {
		checkQuestion(t, p, model{w.people}, drawLeaf(t, slices.Concat(personFields, situationFields)))
	})
}
