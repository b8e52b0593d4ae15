package main

import "fmt"

// entry is a SearchResultEntry.
type entry struct {
	dn    string
	attrs []attribute
}

type attribute struct {
	name   string
	values []string
}

// values of an attribute, by the name that the server gives it.
func (e entry) values(name string) []string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.values
		}
	}
	return nil
}

// first value of an attribute, "" for none.
func (e entry) first(name string) string {
	if v := e.values(name); len(v) > 0 {
		return v[0]
	}
	return ""
}

// dnOf reads the name of an entry alone.
func dnOf(body []byte) (string, error) {
	_, dn, _, err := element(body)
	return string(dn), err
}

// parseEntry reads an entry.
func parseEntry(body []byte) (e entry, err error) {
	_, dn, rest, err := element(body)
	if err != nil {
		return e, err
	}
	e.dn = string(dn)
	_, list, _, err := element(rest)
	for err == nil && len(list) > 0 {
		var one []byte
		var a attribute
		if _, one, list, err = element(list); err == nil {
			a, err = parseAttribute(one)
			e.attrs = append(e.attrs, a)
		}
	}
	if err != nil {
		return e, fmt.Errorf("entry: %w", err)
	}
	return e, nil
}

func parseAttribute(one []byte) (a attribute, err error) {
	_, name, rest, err := element(one)
	if err != nil {
		return a, err
	}
	a.name = string(name)
	_, set, _, err := element(rest)
	for err == nil && len(set) > 0 {
		var v []byte
		_, v, set, err = element(set)
		a.values = append(a.values, string(v))
	}
	return a, err
}
