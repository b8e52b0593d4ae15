package filter

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/match"
	"annuaire/ldapd/schema"
)

// tree is a filter to be sent, and to be evaluated by hand.
type tree struct {
	op    string // & | ! = ~ > < * sub
	attr  string
	value string
	parts []string // initial, any..., final; "" at either end: none
	kids  []tree
}

func (f tree) write(e *ber.Encoder) {
	tags := map[string]byte{"&": tagAnd, "|": tagOr, "!": tagNot, "=": tagEqual, "~": tagApprox, ">": tagGreater, "<": tagLess, "sub": tagSubstrings}
	if f.op == "*" {
		e.String(tagPresent, f.attr)
		return
	}
	m := e.Begin(tags[f.op])
	switch f.op {
	case "&", "|", "!":
		for _, k := range f.kids {
			k.write(e)
		}
	case "sub":
		e.String(ber.OctetString, f.attr)
		list := e.Begin(ber.Sequence)
		for i, p := range f.parts {
			switch {
			case p == "":
			case i == 0:
				e.String(ber.Context(0), p)
			case i == len(f.parts)-1:
				e.String(ber.Context(2), p)
			default:
				e.String(ber.Context(1), p)
			}
		}
		e.End(list)
	default:
		e.String(ber.OctetString, f.attr)
		e.String(ber.OctetString, f.value)
	}
	e.End(m)
}

// values of one attribute, "?" for one that is not known.
func (s *subject) values(attr string) (out []string, known bool) {
	t := schema.Lookup([]byte(attr))
	if t == nil {
		return nil, false
	}
	for _, sub := range t.Subtypes {
		if sub.Computed() {
			out = append(out, texts(s.Computed(sub))...)
		} else if sub.Attr != 0 {
			for v := range s.card.Values(sub.Attr) {
				out = append(out, string(v))
			}
		}
	}
	return out, true
}

// plain is the reference form of a directory string of simple letters: words in lower case.
func plain(v string) string { return strings.Join(strings.Fields(strings.ToLower(v)), "  ") }

// by hand: RFC 4511, 4.5.1.7 and RFC 4517, with nothing prepared and nothing skipped.
func (f tree) byHand(s *subject) Truth {
	var kids []Truth
	for _, k := range f.kids {
		kids = append(kids, k.byHand(s))
	}
	switch f.op {
	case "&":
		return slices.Min(append(kids, True))
	case "|":
		return slices.Max(append(kids, False))
	case "!":
		return -kids[0]
	}
	values, known := s.values(f.attr)
	switch {
	case !known, f.op == ">" && f.attr != "codeSpecialite", f.op == "<" && f.attr != "codeSpecialite", strings.TrimSpace(f.value) == "" && f.op != "*" && f.op != "sub":
		return Undefined
	case f.op == "*":
		return truth(len(values) > 0)
	}
	for _, v := range values {
		ok := false
		switch f.op {
		case "=", "~":
			ok = plain(v) == plain(f.value)
		case ">":
			ok = plain(v) >= plain(f.value)
		case "<":
			ok = plain(v) <= plain(f.value)
		case "sub":
			ok = wildcard(" "+plain(v)+" ", f.parts)
		}
		if ok {
			return True
		}
	}
	return False
}

// wildcard tries every way to place the parts.
func wildcard(v string, parts []string) bool {
	first, last := parts[0], parts[len(parts)-1]
	if first != "" {
		var ok bool
		if v, ok = strings.CutPrefix(v, part(first, match.Initial)); !ok {
			return false
		}
	}
	if last != "" {
		var ok bool
		if v, ok = strings.CutSuffix(v, part(last, match.Final)); !ok {
			return false
		}
	}
	var place func(v string, any []string) bool
	place = func(v string, any []string) bool {
		switch {
		case len(any) == 0:
			return true
		case any[0] == "": // not sent
			return place(v, any[1:])
		}
		p := part(any[0], match.Any)
		for i := 0; i+len(p) <= len(v); i++ {
			if v[i:i+len(p)] == p && place(v[i+len(p):], any[1:]) {
				return true
			}
		}
		return false
	}
	return place(v, parts[1:len(parts)-1])
}

func part(p string, at match.Place) string {
	out := plain(p)
	if out == "" {
		return " "
	}
	if at == match.Initial || strings.HasPrefix(p, " ") {
		out = " " + out
	}
	if at == match.Final || strings.HasSuffix(p, " ") {
		out += " "
	}
	return out
}

var (
	letters = rapid.StringOfN(rapid.SampledFrom([]rune("aabbéA  -")), 1, 8, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
	attrs   = rapid.SampledFrom([]string{"cn", "sn", "givenName", "name", "o", "l", "title", "codeSpecialite", "description", "street", "departmentNumber", "mozillaNickname", "nobody", "uid", "displayName"})
)

// someone draws a mailbox as the directory renders them: the names together hold the words of each.
func someone(t *rapid.T) *subject {
	draw := func(label string) string { return letters.Draw(t, label) }
	family, given := draw("family"), draw("given")
	return &subject{card: card.New(annuaire.BookMailboxes, "x").Add(card.SN, family).Add(card.GivenName, given).Add(card.DisplayName, given+" "+family).
		Add(card.CN, given+" "+family, family+" "+given).Add(card.O, draw("o"), draw("o2")).Add(card.L, draw("l")).Add(card.Title, draw("title")).
		Add(card.CodeSpecialite, draw("code")).Add(card.Street, draw("street")).Add(card.C, "FR").Card()}
}

func aFilter(t *rapid.T, s *subject, depth int, negations bool) tree {
	ops := []string{"=", "sub", "sub", "*", "~", ">", "<"}
	if depth > 0 {
		ops = append(ops, "&", "|", "&", "|")
		if negations {
			ops = append(ops, "!", "!")
		}
	}
	f := tree{op: rapid.SampledFrom(ops).Draw(t, "op")}
	switch f.op {
	case "&", "|", "!":
		n := 1
		if f.op != "!" {
			n = rapid.IntRange(0, 3).Draw(t, "n")
		}
		for range n {
			f.kids = append(f.kids, aFilter(t, s, depth-1, negations))
		}
		return f
	}
	f.attr = attrs.Draw(t, "attr")
	value := letters.Draw(t, "value")
	if have, _ := s.values(f.attr); len(have) > 0 && rapid.Bool().Draw(t, "own") {
		value = rapid.SampledFrom(have).Draw(t, "of")
	}
	if f.value = value; f.op != "sub" {
		return f
	}
	runes := []rune(value)
	for {
		f.parts = []string{""}
		for i := 0; i < len(runes); {
			j := rapid.IntRange(i, len(runes)).Draw(t, "j")
			f.parts = append(f.parts, string(runes[i:j]))
			i = j + rapid.IntRange(0, 2).Draw(t, "skip")
		}
		if rapid.Bool().Draw(t, "initial") {
			f.parts = f.parts[1:]
		}
		if rapid.Bool().Draw(t, "open") {
			f.parts = append(f.parts, "")
		}
		if len(f.parts) > 1 && strings.Join(f.parts, "") != "" {
			return f
		}
	}
}

func (f tree) parsed(t *rapid.T) *Filter {
	var e ber.Encoder
	f.write(&e)
	c := ber.Read(e.Buf)
	out, err := Parse(&c)
	if err != nil {
		t.Fatalf("%+v: %v", f, err)
	}
	return out
}

func TestStrictMatchIsWhatTheRFCsSay(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		s := someone(t)
		f := aFilter(t, s, 4, true)
		got, want := f.parsed(t).Match(s, Options{Strict: true}), f.byHand(s)
		if got != want {
			t.Fatalf("%+v: %d, by hand %d", f, got, want)
		}
		if got == True {
			found++
		}
	})
	if found == 0 {
		t.Error("nothing ever matched")
	}
}

func TestLeniencyOnlyWidens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someone(t)
		f := aFilter(t, s, 4, false)
		p := f.parsed(t)
		if p.Match(s, Options{Strict: true}) == True && p.Match(s, Options{}) != True {
			t.Fatalf("%+v matches strictly only", f)
		}
	})
}

func TestTheExpressionIsTrueOfWhateverMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := someone(t)
		f := aFilter(t, s, 4, true)
		p := f.parsed(t)
		for _, o := range []Options{{Strict: true}, {}} {
			if e := p.Expr(annuaire.BookMailboxes, o); p.Match(s, o) == True && !holds(e, s) {
				t.Fatalf("%+v matches (%+v), %s does not", f, o, shown(e))
			}
		}
	})
}

func TestMatchAllocatesNothing(t *testing.T) {
	for _, filter := range []string{
		"(|(cn=*jean*dupont*)(mail=*jean dupont*)(givenName=*jean*)(sn=*jean dupont*))",
		"(&(objectClass=inetOrgPerson)(|(cn=x*)(l=*étienne*)(postalCode=42000)))",
		"(|(o=*zz*)(title=*zz*)(telephoneNumber=*9*)(mozillaNickname=*z*))",
	} {
		t.Run(filter, func(t *testing.T) {
			f, s := parsed(t, filter), jean()
			e := &quiet{s}
			for _, o := range []Options{{Strict: true}, {}} {
				if n := testing.AllocsPerRun(100, func() { f.Match(e, o) }); n != 0 {
					t.Errorf("%+v: %v allocations", o, n)
				}
			}
		})
	}
}

// quiet computes without allocating.
type quiet struct{ *subject }

var classes = [][]byte{[]byte("top"), []byte("person"), []byte("organizationalPerson"), []byte("inetOrgPerson")}

func (q *quiet) Computed(*schema.AttributeType) [][]byte { return classes }

func BenchmarkMatch(b *testing.B) {
	s := &quiet{jean()}
	for name, filter := range map[string]string{
		"Thunderbird two words, no hit": "(|(cn=*zean*dupont*)(mail=*zean dupont*)(givenName=*zean*)(sn=*zean dupont*))",
		"Thunderbird quick search":      "(|(cn=*w*)(givenName=*w*)(sn=*w*)(mozillaNickname=*w*)(mail=*w*)(mozillaSecondEmail=*w*)(&(description=*w*))(o=*w*)(ou=*w*)(title=*w*)(mozillaWorkUrl=*w*)(mozillaHomeUrl=*w*))",
		"Outlook":                       "(&(|(mail=z*)(cn=z*)(sn=z*)(givenName=z*)(displayName=z*)))",
		"Postfix":                       "(mail=jean.dupont@medecin.formation.mssante.fr)",
	} {
		for mode, o := range map[string]Options{"strict": {Strict: true}, "lenient": {}} {
			b.Run(name+"/"+mode, func(b *testing.B) {
				f := parsed(b, filter)
				b.ReportAllocs()
				for b.Loop() {
					f.Match(s, o)
				}
			})
		}
	}
}

// What is worst to prepare stays cheap: all that one filter may hold of letters that stand for many.
func BenchmarkWorstFilter(b *testing.B) {
	one := element(tagEqual, octets("name"), octets(strings.Repeat("ﷺ", 682)))
	message := []byte(element(tagAnd, one))
	b.ReportAllocs()
	for b.Loop() {
		c := ber.Read(message)
		f, err := Parse(&c)
		if err != nil {
			b.Fatal(err)
		}
		f.Expr(annuaire.BookMailboxes, Options{})
	}
}
