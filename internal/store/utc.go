package store

import (
	"reflect"
	"sync"
	"time"
)

// timeType is what inUTC looks for.
var timeType = reflect.TypeFor[time.Time]()

// inUTC puts every time in v in UTC: they decode in the zone of the machine, and are kept, compared and shown in that one. Times in maps and
// behind interfaces are left as they are; no record has any there.
func inUTC(v reflect.Value) {
	if !hasTimes(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			inUTC(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			inUTC(v.Index(i))
		}
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*time.Time); ok {
			*t = t.UTC()
			return
		}
		for i := range v.NumField() {
			if stored(v.Type().Field(i)) {
				inUTC(v.Field(i))
			}
		}
	}
}

// timed has the answers of hasTimes: most records have no time, and are then not walked.
var timed sync.Map // reflect.Type -> bool

// hasTimes reports whether inUTC may find a time in a value of a type. No record holds one of its own kind.
func hasTimes(t reflect.Type) (has bool) {
	if t == timeType {
		return true
	}
	if is, ok := timed.Load(t); ok {
		return is.(bool)
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		has = hasTimes(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			has = has || stored(t.Field(i)) && hasTimes(t.Field(i).Type)
		}
	}
	timed.Store(t, has)
	return has
}

func stored(f reflect.StructField) bool { return f.IsExported() && f.Tag.Get("cbor") != "-" }
