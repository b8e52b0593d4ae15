package audience

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// MarshalJSON writes the JSON form: one of "all", "any", "not", or "field" with "values".
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
		return Audience{}, fault(place{}, ruleLimit, "JSON de plus de %d octets", "JSON of more than %d bytes", maxJSON)
	}
	if !utf8.Valid(data) {
		return Audience{}, fault(place{}, ruleSyntax, "le JSON n'est pas en UTF-8", "the JSON is not UTF-8")
	}
	if err := json.Unmarshal(data, new(any)); err != nil {
		at := place{}
		if s := new(json.SyntaxError); errors.As(err, &s) {
			at.char = utf8.RuneCount(data[:min(int(s.Offset), len(data))])
		}
		return Audience{}, fault(at, ruleSyntax, "JSON mal formé", "malformed JSON")
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
		*a.group(name), err = r.list(value, name, 0)
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
			if f == fieldKind {
				return fault(at, rulePlace, "les types de boîtes se donnent dans « kinds »", "kinds of mailbox are given in \"kinds\"")
			}
			n.Op, n.Field = OpIs, f
		case "values":
			n.Values, err = r.read(value, at)
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
		return n, fault(n.at, ruleSyntax, "attendu : « field » avec « values », ou un seul de « all », « any », « not »", "expected: \"field\" with \"values\", or one of \"all\", \"any\", \"not\"")
	}
	return n, nil
}

// read reads the values of a criterion.
func (r *jsonReader) read(data []byte, at place) (values []string, err error) {
	if err := decode(data, at, &values, "une liste de textes", "a list of strings"); err != nil {
		return nil, err
	}
	if r.values += len(values); r.values > maxValues {
		return nil, fault(at, ruleLimit, "plus de %d valeurs", "more than %d values", maxValues)
	}
	if len(values) == 0 {
		return nil, fault(at, ruleValue, "aucune valeur", "no value")
	}
	for i, v := range values {
		if values[i], err = value(v, place{path: fmt.Sprintf("%s[%d]", at.path, i)}); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (r *jsonReader) list(data []byte, path string, depth int) ([]Node, error) {
	var raw []json.RawMessage
	if err := decode(data, place{path: path}, &raw, "une liste", "a list"); err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		return nil, fault(place{path: path}, ruleSyntax, "liste vide", "an empty list")
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
		return fault(place{path: path}, ruleSyntax, "un objet est attendu", "an object is expected")
	}
	for dec.More() {
		t, err := dec.Token()
		name, ok := t.(string)
		var value json.RawMessage
		if err == nil {
			err = dec.Decode(&value)
		}
		if err != nil || !ok {
			return fault(place{path: path}, ruleSyntax, "JSON mal formé", "malformed JSON")
		}
		at := place{path: path + "." + cut(name)}
		if path == "" {
			at.path = cut(name)
		}
		switch {
		case !slices.Contains(known, name):
			fr, en := near(nearest(name, known, 1))
			return fault(at, ruleSyntax, "membre inconnu%[1]s", "unknown member%[2]s", fr, en)
		case seen[name]:
			return fault(at, ruleSyntax, "membre donné deux fois", "a member given twice")
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
		return fault(at, ruleSyntax, "attendu : %[1]s", "expected: %[2]s", french, english)
	}
	return nil
}
