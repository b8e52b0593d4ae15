package audience

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// jsonAudience and jsonNode are the JSON form, as it is written. Of a node, one of "all", "any", "not" or "field" is there.
type jsonAudience struct {
	Everyone bool     `json:"everyone,omitempty"`
	Where    *Node    `json:"where,omitempty"`
	Also     []Node   `json:"also,omitempty"`
	Include  []Node   `json:"include,omitempty"`
	Exclude  []Node   `json:"exclude,omitempty"`
	Kinds    []string `json:"kinds,omitempty"`
}

// MarshalJSON writes the JSON form.
func (a Audience) MarshalJSON() ([]byte, error) {
	out := jsonAudience{Everyone: a.Everyone, Where: a.Where, Also: a.Also, Include: a.Include, Exclude: a.Exclude}
	for _, k := range a.Kinds {
		out.Kinds = append(out.Kinds, string(k))
	}
	return json.Marshal(out)
}

// MarshalJSON writes the JSON form.
func (n Node) MarshalJSON() ([]byte, error) {
	switch n.Op {
	case OpIs:
		return json.Marshal(struct {
			Field  Field    `json:"field"`
			Values []string `json:"values"`
		}{n.Field, n.Values})
	case OpNot:
		return json.Marshal(map[Op]Node{OpNot: n.Args[0]})
	}
	return json.Marshal(map[Op][]Node{n.Op: n.Args})
}

// ParseJSON reads the JSON form. Errors are of CodeInvalid, name the path of the member at fault ("where.all[1].field") and the rule that
// was broken. A member that does not exist, or stands twice, is an error.
func ParseJSON(data []byte) (Audience, error) {
	if len(data) > maxJSON {
		return Audience{}, fault(place{}, RuleLimit, "JSON de plus de %d octets", "JSON of more than %d bytes", maxJSON)
	}
	if !utf8.Valid(data) {
		return Audience{}, fault(place{}, RuleSyntax, "le JSON n'est pas en UTF-8", "the JSON is not UTF-8")
	}
	if err := json.Unmarshal(data, new(any)); err != nil {
		var s *json.SyntaxError
		if errors.As(err, &s) {
			return Audience{}, fault(place{char: utf8.RuneCount(data[:min(int(s.Offset), len(data))])}, RuleSyntax, "JSON mal formé", "malformed JSON")
		}
		return Audience{}, fault(place{}, RuleSyntax, "JSON mal formé", "malformed JSON")
	}
	r := &jsonReader{}
	var a Audience
	if err := r.audience(data, &a); err != nil {
		return Audience{}, err
	}
	return a, a.finish()
}

// jsonReader reads well-formed JSON, member by member, knowing where it is.
type jsonReader struct{ nodes, values int }

func (r *jsonReader) audience(data []byte, a *Audience) error {
	return members(data, "", []string{"everyone", "where", "also", "include", "exclude", "kinds"}, func(name string, value []byte) (err error) {
		at := place{path: name}
		switch name {
		case "everyone":
			return decode(value, at, &a.Everyone, "true ou false", "true or false")
		case "where":
			n, err := r.node(value, name, 0)
			a.Where = &n
			return err
		case "kinds":
			var kinds []string
			if err := decode(value, at, &kinds, "une liste de textes", "a list of strings"); err != nil {
				return err
			}
			return a.setKinds(kinds, at)
		}
		for _, g := range a.groups() {
			if g.name == name {
				*g.nodes, err = r.list(value, name, 0)
			}
		}
		return err
	})
}

func (r *jsonReader) node(data []byte, path string, depth int) (n Node, err error) {
	n.at = place{path: path}
	if r.nodes++; r.nodes > rawNodes {
		return n, tooMany(n.at)
	}
	if depth > rawDepth {
		return n, tooDeep(n.at)
	}
	var seen []string
	err = members(data, path, []string{"all", "any", "not", "field", "values"}, func(name string, value []byte) (err error) {
		seen = append(seen, name)
		at := place{path: path + "." + name}
		switch name {
		case "field":
			var text string
			if err := decode(value, at, &text, "un texte", "a string"); err != nil {
				return err
			}
			f, ok := fieldNamed(text)
			if !ok {
				return unknownField(at, text)
			}
			if f == FieldKind {
				return fault(at, RulePlace, "les types de boîtes se donnent dans « kinds »", "kinds of mailbox are given in \"kinds\"")
			}
			n.Op, n.Field = OpIs, f
		case "values":
			return r.read(value, at, &n.Values)
		case "not":
			arg, err := r.node(value, at.path, depth+1)
			n.Op, n.Args = OpNot, []Node{arg}
			return err
		default:
			n.Op = Op(name)
			n.Args, err = r.list(value, at.path, depth+1)
		}
		return err
	})
	if err != nil {
		return n, err
	}
	if slices.Sort(seen); !slices.Equal(seen, []string{"field", "values"}) && (len(seen) != 1 || seen[0] == "field" || seen[0] == "values") {
		return n, fault(n.at, RuleSyntax, "attendu : « field » avec « values », ou un seul de « all », « any », « not »", "expected: \"field\" with \"values\", or one of \"all\", \"any\", \"not\"")
	}
	return n, nil
}

// read reads the values of a criterion.
func (r *jsonReader) read(data []byte, at place, values *[]string) error {
	var texts []string
	if err := decode(data, at, &texts, "une liste de textes", "a list of strings"); err != nil {
		return err
	}
	if r.values += len(texts); r.values > MaxValues {
		return fault(at, RuleLimit, "plus de %d valeurs", "more than %d values", MaxValues)
	}
	if len(texts) == 0 {
		return fault(at, RuleValue, "aucune valeur", "no value")
	}
	for i, t := range texts {
		v, err := value(t, place{path: fmt.Sprintf("%s[%d]", at.path, i)})
		if err != nil {
			return err
		}
		*values = append(*values, v)
	}
	return nil
}

func (r *jsonReader) list(data []byte, path string, depth int) ([]Node, error) {
	var raw []json.RawMessage
	if err := decode(data, place{path: path}, &raw, "une liste", "a list"); err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		return nil, fault(place{path: path}, RuleSyntax, "liste vide", "an empty list")
	}
	out := make([]Node, 0, min(len(raw), maxNodes))
	for i, m := range raw {
		n, err := r.node(m, fmt.Sprintf("%s[%d]", path, i), depth)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// members calls fn with the members of an object, each once.
func members(data []byte, path string, known []string, fn func(name string, value []byte) error) error {
	dec, seen := json.NewDecoder(bytes.NewReader(data)), map[string]bool{}
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return fault(place{path: path}, RuleSyntax, "un objet est attendu", "an object is expected")
	}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		if err != nil || !ok {
			return fault(place{path: path}, RuleSyntax, "JSON mal formé", "malformed JSON")
		}
		at := place{path: path + "." + cut(name)}
		if path == "" {
			at.path = cut(name)
		}
		switch {
		case !slices.Contains(known, name):
			fr, en := near(nearest(name, known, 1))
			return fault(at, RuleSyntax, "membre inconnu%[1]s", "unknown member%[2]s", fr, en)
		case seen[name]:
			return fault(at, RuleSyntax, "membre donné deux fois", "a member given twice")
		}
		seen[name] = true
		if err := fn(name, value); err != nil {
			return err
		}
	}
	return nil
}

func decode(data []byte, at place, into any, french, english string) error {
	if json.Unmarshal(data, into) != nil || bytes.Equal(data, []byte("null")) {
		return fault(at, RuleSyntax, "attendu : %[1]s", "expected: %[2]s", french, english)
	}
	return nil
}
