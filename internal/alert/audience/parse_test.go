package audience

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"annuaire"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// sameTree compares what was written, not where.
var sameTree = cmp.Options{cmpopts.IgnoreUnexported(Node{}), cmpopts.EquateEmpty()}

// drawNode draws a criterion or a group; the values are any text, those that need quotation marks among them.
func drawNode(t *rapid.T, depth int) Node {
	op := OpIs
	if depth > 0 {
		op = rapid.SampledFrom([]Op{OpIs, OpIs, OpAll, OpAny, OpNot}).Draw(t, "op")
	}
	n := Node{Op: op}
	switch op {
	case OpIs:
		n.Field = rapid.SampledFrom(slices.Sorted(maps.Keys(fields))).Draw(t, "field")
		n.Values = rapid.SliceOfN(drawValue(), 1, 3).Draw(t, "values")
	case OpNot:
		n.Args = []Node{drawNode(t, depth-1)}
	default:
		for range rapid.IntRange(1, 3).Draw(t, "args") {
			n.Args = append(n.Args, drawNode(t, depth-1))
		}
	}
	return n
}

func drawValue() *rapid.Generator[string] {
	any := rapid.OneOf(rapid.SampledFrom([]string{"médecin", "69", "SA26", "OR", "-x", "a b", `"`, `\`, `\"`, "a,b", "(", "kind", "everyone", "exclude", "2A", "l'été"}),
		rapid.Map(rapid.StringN(1, 8, -1), strings.TrimSpace))
	return any.Filter(func(v string) bool { _, err := value(v, place{}); return err == nil })
}

func drawAudience(t *rapid.T) Audience {
	var a Audience
	if a.Everyone = rapid.IntRange(0, 9).Draw(t, "everyone") == 0; !a.Everyone {
		n := drawNode(t, 4)
		a.Where = &n
	}
	for _, g := range a.groups() {
		for range rapid.IntRange(0, 2).Draw(t, g.name) {
			*g.nodes = append(*g.nodes, drawNode(t, 2))
		}
	}
	a.Kinds = rapid.SliceOfNDistinct(rapid.SampledFrom([]annuaire.MailboxKind{"PER", "CAB", "ORG"}), 0, 3, rapid.ID).Draw(t, "kinds")
	return a
}

func TestForms(t *testing.T) {
	t.Run("what is written as a text is read as the same audience", rapid.MakeCheck(func(t *rapid.T) {
		a := drawAudience(t)
		if err := a.finish(); err != nil {
			t.Skip(err)
		}
		text := a.String()
		b, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(a, b, sameTree); diff != "" || b.String() != text {
			t.Fatalf("%s\n%s\n%s", text, b, diff)
		}
	}))
	t.Run("what is written as JSON is read as the same audience", rapid.MakeCheck(func(t *rapid.T) {
		a := drawAudience(t)
		if err := a.finish(); err != nil {
			t.Skip(err)
		}
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := ParseJSON(data)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if diff := cmp.Diff(a, b, sameTree); diff != "" {
			t.Fatalf("%s\n%s", data, diff)
		}
	}))
	for _, tt := range []struct{ rule, text, canonical string }{
		{"the example of the issue is canonical but for its AND", "profession:médecin AND (specialty:pédiatrie OR specialty:généraliste) department:69,01,38 -sector:SA26 exclude(role:FON-21)",
			"profession:médecin (specialty:pédiatrie OR specialty:généraliste) department:69,01,38 -sector:SA26 exclude(role:FON-21)"},
		{"an everyday word may stand alone", "urgentiste department:69", "word:urgentiste department:69"},
		{"everyday words may be quoted and listed", `"infirmier libéral", kiné  city:Lyon`, `word:"infirmier libéral",kiné city:Lyon`},
		{"a no-break space is a space, before a colon too", "mode:L\u00a0kind\u00a0:\u00a0ORG", "mode:L kind:ORG"},
		{"spaces around commas and colons do not count", "department : 69 , 01\n", "department:69,01"},
		{"fields have French names, in any case and without accents", "Métier:médecin DEPARTEMENT:69 code_postal:69003", "profession:médecin department:69 postal_code:69003"},
		{"connectives and functions have French names", "médecin ET NON étudiant OU kiné exclure(rpps:99012345679)", "(word:médecin -word:étudiant OR word:kiné) exclude(rpps:99012345679)"},
		{"negating twice is not negating", "- -mode:L", "mode:L"},
		{"groups of one and in groups of their kind are no groups", "((mode:L) (sector:SA07 (role:FON-01)))", "mode:L sector:SA07 role:FON-01"},
		{"AND binds closer than OR", "mode:L sector:SA07 OR mode:S", "mode:L sector:SA07 OR mode:S"},
		{"a group inside a conjunction keeps its parentheses", "mode:L (sector:SA07 OR mode:S)", "mode:L (sector:SA07 OR mode:S)"},
		{"what stands beside the criteria comes in one order", "mode:L kind:ORG,PER exclude(mode:S) include(rpps:99012345679) also(department:01)",
			"mode:L also(department:01) include(rpps:99012345679) exclude(mode:S) kind:PER,ORG"},
		{"the kinds that are meant anyway are not written", "mode:L kind:cab,per", "mode:L"},
		{"a value twice is once", "department:69,01,69", "department:69,01"},
		{"everyone", "everyone exclude(profession:21)", "everyone exclude(profession:21)"},
		{"a list alone", "include(rpps:99012345679,99012345687)", "include(rpps:99012345679,99012345687)"},
		{"a value may be a word of the language", "city:OR word:exclude", "city:OR word:exclude"},
		{"a minus inside a value is part of it", "role:FON-01 -role:FON-02", "role:FON-01 -role:FON-02"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a, err := Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if a.String() != tt.canonical {
				t.Fatalf("%s\nwant %s", a, tt.canonical)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	deep := strings.Repeat("(mode:L OR -", 20) + "mode:S" + strings.Repeat(")", 20)
	for _, tt := range []struct{ rule, text, broken, says string }{
		{"a misspelt field is answered by the nearest", "mode:L profesion:10", ruleField, "character 8: \"profesion\" is no criterion; the nearest: profession"},
		{"nobody is chosen by name, and what there is is told", "médecin nom:martin", ruleField, "character 9: \"nom\" is no criterion; they are: category, city, department, "},
		{"characters are counted, not bytes", "médecin profesion:10", ruleField, "character 9:"},
		{"a value is due after a colon", "department: ", ruleSyntax, "character 13: end of the text; expected: a value"},
		{"a value is due after a comma", "department:69, ", ruleSyntax, "expected: a value"},
		{"a parenthesis that is not closed", "(mode:L OR mode:S", ruleSyntax, "character 18: end of the text; expected: a criterion or \")\""},
		{"a parenthesis that is not opened", "mode:L)", ruleSyntax, "character 7: a parenthesis is closed and never opened"},
		{"a quotation mark that is not closed", `city:"Lyon`, ruleSyntax, "character 6: a quotation mark is opened and never closed"},
		{"nothing between two ORs", "mode:L OR OR mode:S", ruleSyntax, "character 11: \"OR\"; expected: a criterion"},
		{"nothing inside parentheses", "mode:L ()", ruleSyntax, "character 9: \")\"; expected: a criterion"},
		{"exclude inside parentheses", "(mode:L exclude(mode:S))", rulePlace, "character 9: \"exclude\" bears on the whole audience"},
		{"criteria after exclude", "mode:L exclude(mode:S) OR mode:B", rulePlace, "character 24: criteria go before"},
		{"also without criteria", "also(mode:L) include(mode:S)", rulePlace, "there must be some"},
		{"kind inside parentheses", "(mode:L kind:ORG)", rulePlace, "character 9: \"kind\" bears"},
		{"boxes of software", "mode:L kind:APP", ruleKind, "nobody reads"},
		{"no such kind", "mode:L kind:PERS", ruleKind, "PER, CAB or ORG"},
		{"everyone and criteria", "everyone mode:L", ruleEveryone, "character 10:"},
		{"no such function", "mode:L exclud(mode:S)", ruleSyntax, "the nearest: exclude"},
		{"nothing at all", " ", ruleEmpty, "the audience is empty"},
		{"only people to remove", "exclude(mode:L)", ruleEmpty, "the audience is empty"},
		{"an empty value", `city:""`, ruleValue, "an empty value"},
		{"a control character", "city:\"a\x01\"", ruleValue, "control character"},
		{"text that is not UTF-8", "city:\xff", ruleSyntax, "UTF-8"},
		{"a value too long", "city:" + strings.Repeat("é", maxValue+1), ruleLimit, "100 characters"},
		{"groups too deep", deep, ruleLimit, "16 groups"},
		{"parentheses without end", strings.Repeat("(", 100_000), ruleLimit, "16 groups"},
		{"minus signs without end", strings.Repeat("-", 100_000), ruleLimit, "1000 criteria"},
		{"too many criteria", strings.Repeat("mode:L ", maxNodes+1), ruleLimit, "1000 criteria"},
		{"too many values", "department:" + strings.Repeat("69,", maxValues) + "69", ruleLimit, "20000 values"},
		{"too long a text", strings.Repeat(" ", maxText+1), ruleLimit, "1048576 bytes"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := Parse(tt.text)
			if err == nil || annuaire.RuleOf(err) != tt.broken || annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("%v (%s)", err, annuaire.RuleOf(err))
			}
			if strings.Contains(err.(*annuaire.Error).Message, "%!") || strings.Contains(err.Error(), "%!") {
				t.Fatal(err.(*annuaire.Error).Message)
			}
		})
	}
}

func TestJSONFaults(t *testing.T) {
	for _, tt := range []struct{ rule, data, broken, says string }{
		{"a misspelt field", `{"where":{"all":[{"field":"mode","values":["L"]},{"field":"secter","values":["SA07"]}]}}`, ruleField, "where.all[1].field: \"secter\" is no criterion; the nearest: sector"},
		{"a misspelt member", `{"were":{}}`, ruleSyntax, "were: unknown member; the nearest: where"},
		{"a member twice", `{"everyone":true,"everyone":false}`, ruleSyntax, "everyone: a member given twice"},
		{"a number as a value", `{"where":{"field":"department","values":[69]}}`, ruleSyntax, "where.values: expected: a list of strings"},
		{"no values", `{"where":{"field":"department","values":[]}}`, ruleValue, "where.values: no value"},
		{"a field without values", `{"where":{"field":"department"}}`, ruleSyntax, "where: expected:"},
		{"two operations in one node", `{"where":{"any":[{"field":"mode","values":["L"]}],"all":[{"field":"mode","values":["L"]}]}}`, ruleSyntax, "where: expected:"},
		{"an empty node", `{"where":{"not":{}}}`, ruleSyntax, "where.not: expected:"},
		{"an empty list", `{"where":{"any":[]}}`, ruleSyntax, "where.any: an empty list"},
		{"null", `{"include":null}`, ruleSyntax, "include: expected: a list"},
		{"an empty value", `{"include":[{"field":"rpps","values":["99012345679",""]}]}`, ruleValue, "include[0].values[1]: an empty value"},
		{"no JSON", `{"where":`, ruleSyntax, "malformed JSON"},
		{"an array", `[]`, ruleSyntax, "an object is expected"},
		{"kinds as a criterion", `{"where":{"field":"kind","values":["ORG"]}}`, rulePlace, "\"kinds\""},
		{"everyone and criteria", `{"everyone":true,"where":{"field":"mode","values":["L"]}}`, ruleEveryone, "where: \"everyone\""},
		{"nodes without end", `{"where":` + strings.Repeat(`{"not":`, 5000) + `{}` + strings.Repeat("}", 5001), ruleLimit, "16 groups"},
		{"too many bytes", strings.Repeat(" ", maxJSON+1), ruleLimit, "2097152 bytes"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := ParseJSON([]byte(tt.data))
			if err == nil || annuaire.RuleOf(err) != tt.broken || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.(*annuaire.Error).Message, "%!") {
				t.Fatalf("%v (%s)", err, annuaire.RuleOf(err))
			}
		})
	}
}

// FuzzParse: no text makes the reader fail, and what it takes it takes again as it writes it, in both forms.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"profession:médecin (specialty:pédiatrie OR specialty:généraliste) department:69,01,38 -sector:SA26 exclude(role:FON-21)",
		`everyone kind:ORG`, `"infirmier libéral", kiné -(mode:L OR "a\"b\\") also(city:Lyon)`, "((((a))))", `{"where":{"field":"mode","values":["L"]}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, read := range []func(string) (Audience, error){Parse, func(s string) (Audience, error) { return ParseJSON([]byte(s)) }} {
			a, err := read(s)
			if err != nil {
				if annuaire.RuleOf(err) == "" || strings.Contains(err.(*annuaire.Error).Message, "%!") {
					t.Fatal(err)
				}
				continue
			}
			_, _ = a.Resolve()
			b, err := Parse(a.String())
			if err != nil {
				t.Fatalf("%q: %v", a, err)
			}
			data, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			c, err := ParseJSON(data)
			if err != nil && annuaire.RuleOf(err) != ruleLimit { // the JSON form of a long text may be too long
				t.Fatal(err)
			}
			if err == nil {
				if diff := cmp.Diff(a, c, sameTree); diff != "" {
					t.Fatal(diff)
				}
			}
		}
	})
}
