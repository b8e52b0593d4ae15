package model

import (
	"reflect"

	"annuaire"
	"annuaire/internal/store"
)

// whole settles a field made of several values as one.
func whole[T any](all []Stated, field func(*annuaire.Structure) T) T {
	v, by := votes{}, map[string]T{}
	for _, o := range all {
		value := field(o.Structure)
		if reflect.ValueOf(&value).Elem().IsZero() {
			continue
		}
		b, err := store.Encode(value)
		if err != nil {
			continue // plain data: cannot happen; an unreadable value has no vote
		}
		v.add(string(b), o.Rows)
		by[string(b)] = value
	}
	return by[v.settle()]
}
