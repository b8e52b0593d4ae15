package index

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"annuaire"
	"annuaire/internal/codes"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// valuesIn returns the codes that a situation has of a field.
func valuesIn(s annuaire.Situation, f annuaire.Field) (out []string) {
	a := annuaire.Activity{}
	if s.Activity != nil {
		a = *s.Activity
	}
	switch f {
	case annuaire.FieldProfession:
		out = append(out, s.Practice.Profession.Code)
	case annuaire.FieldSpecialty:
		for _, sp := range s.Practice.Specialties {
			out = append(out, sp.Code)
		}
	case annuaire.FieldMode:
		out = append(out, a.Mode.Code)
	case annuaire.FieldDepartment:
		if a.Address != nil {
			out = append(out, a.Address.Department.Code)
		}
	}
	out = slices.DeleteFunc(out, func(c string) bool { return c == "" })
	slices.Sort(out)
	return slices.Compact(out)
}

// selectedBy answers a selection by looking at every record.
func selectedBy(m model, q annuaire.Selection) annuaire.Selected {
	out := annuaire.Selected{Seq: 1, Total: len(m.people), Detail: map[annuaire.Field][]string{}, Splits: map[annuaire.Field][]annuaire.Split{}}
	for _, f := range q.Detail {
		out.Detail[f] = []string{}
	}
	splits := map[annuaire.Field]map[string]annuaire.Split{}
	out.IDs = append([]string{}, m.find(q.Where)...)
	slices.Sort(out.IDs)
	out.Reach = []annuaire.Reach{}
	for _, id := range out.IDs {
		p, reach := m.people[id], annuaire.Reach(0)
		if len(p.Mailboxes) > 0 {
			reach |= annuaire.ReachPublished
		}
		if slices.Contains(q.Hidden, id) {
			reach |= annuaire.ReachHidden
		}
		out.Reach = append(out.Reach, reach)
		counted := slices.DeleteFunc(situationsOf(p), func(s annuaire.Situation) bool { return holdsIn(p, s, q.Counted) != yes })
		for _, f := range q.Detail {
			first := ""
			for _, s := range counted {
				if v := valuesIn(s, f); first == "" && len(v) > 0 {
					first = v[0]
				}
			}
			out.Detail[f] = append(out.Detail[f], first)
		}
		for _, f := range q.Split {
			var has []string
			for _, s := range counted {
				has = append(has, valuesIn(s, f)...)
			}
			slices.Sort(has)
			for _, code := range slices.Compact(has) {
				if splits[f] == nil {
					splits[f] = map[string]annuaire.Split{}
				}
				sp := splits[f][code]
				sp.Code, sp.Label = code, codes.Label(f, code)
				sp.People++
				if reach&annuaire.ReachPublished != 0 {
					sp.Published++
				}
				if reach != 0 {
					sp.Reachable++
				}
				splits[f][code] = sp
			}
		}
	}
	for _, f := range q.Split {
		list := []annuaire.Split{}
		for _, sp := range splits[f] {
			list = append(list, sp)
		}
		slices.SortFunc(list, func(a, b annuaire.Split) int {
			if a.People != b.People {
				return b.People - a.People
			}
			return map[bool]int{true: -1, false: 1}[a.Code < b.Code]
		})
		out.Splits[f] = list
	}
	return out
}

func TestSelect(t *testing.T) {
	w := newWorld(5, 250)
	p, _ := w.build(t)
	m := model{w.people}
	fields := []annuaire.Field{annuaire.FieldProfession, annuaire.FieldSpecialty, annuaire.FieldMode, annuaire.FieldDepartment}
	t.Run("everyone selected, and how they divide, is what looking at every record finds", rapid.MakeCheck(func(t *rapid.T) {
		q := annuaire.Selection{Where: drawREST(t), Split: rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 0, 4, rapid.ID).Draw(t, "split"),
			Detail: rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 0, annuaire.MaxDetail, rapid.ID).Draw(t, "detail")}
		for _, a := range flatten(q.Where) {
			if a.Op == annuaire.OpOneActivity && rapid.Bool().Draw(t, "counted") {
				q.Counted = annuaire.Expr{Op: annuaire.OpAnd, Args: a.Args}
			}
		}
		for range rapid.IntRange(0, 40).Draw(t, "hidden") {
			q.Hidden = append(q.Hidden, fmt.Sprintf("8990%08d", rapid.IntRange(0, 300).Draw(t, "id")))
		}
		got, err := p.Select(context.Background(), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(selectedBy(m, q), got); diff != "" {
			t.Fatalf("%v (-want +got)\n%s", q.Where, diff)
		}
	}))
	t.Run("places are those of the situations that count", func(t *testing.T) {
		one := annuaire.Equals(annuaire.FieldSIRET, "12345678900011")
		got, err := p.Select(context.Background(), annuaire.Selection{Where: annuaire.OneActivity(one), Counted: one, Places: true}, nil)
		if err != nil || len(got.IDs) == 0 {
			t.Fatal(err, got)
		}
		if diff := gocmp.Diff(map[string]struct{}{"12345678900011": {}}, got.Places); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("where only some kinds of mailbox count, only their holders are reached", func(t *testing.T) {
		all, err := p.Select(context.Background(), annuaire.Selection{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		held := slices.IndexFunc(all.Reach, func(r annuaire.Reach) bool { return r != 0 })
		got, err := p.Select(context.Background(), annuaire.Selection{Kinds: []annuaire.MailboxKind{annuaire.KindPER}}, []string{all.IDs[held]})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range got.Reach {
			if (r != 0) != (i == held) {
				t.Fatal(got.IDs[i], r)
			}
		}
	})
	t.Run("a field that has no column is refused by its name", func(t *testing.T) {
		_, err := p.Select(context.Background(), annuaire.Selection{Split: []annuaire.Field{annuaire.FieldFamily}}, nil)
		if annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Fatal(err)
		}
	})
	t.Run("whoever gives up is not kept waiting", func(t *testing.T) {
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := p.Select(gone, annuaire.Selection{}, nil); err == nil {
			t.Fatal("an answer")
		}
	})
	t.Run("deleted people are not selected", func(t *testing.T) {
		before, err := p.Select(context.Background(), annuaire.Selection{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Apply(2, nil, before.IDs[:50]); err != nil {
			t.Fatal(err)
		}
		after, err := p.Select(context.Background(), annuaire.Selection{}, nil)
		if err != nil || after.Total != 200 || !slices.Equal(after.IDs, before.IDs[50:]) || after.Seq != 2 {
			t.Fatal(err, after.Total, after.Seq)
		}
	})
}

func BenchmarkSelect(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "p")
	buildBig(b, dir, benchPeople(), 2)
	p, err := OpenPeople(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	fields := []annuaire.Field{annuaire.FieldProfession, annuaire.FieldSpecialty, annuaire.FieldDepartment, annuaire.FieldMode}
	one := annuaire.Or(annuaire.Equals("profession", "60"), annuaire.Equals("profession", "10"))
	for name, q := range map[string]annuaire.Selection{
		"everyone":            {Split: fields},
		"nurses and doctors":  {Where: annuaire.OneActivity(one), Counted: one, Split: fields},
		"with detail, places": {Where: annuaire.OneActivity(one), Counted: one, Split: fields, Detail: []annuaire.Field{"profession", "department"}, Places: true},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				r, err := p.Select(context.Background(), q, nil)
				if err != nil {
					b.Fatal(err)
				}
				n = len(r.IDs)
			}
			b.ReportMetric(float64(n), "people")
		})
	}
}
