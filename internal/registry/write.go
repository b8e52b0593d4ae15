package registry

import (
	"reflect"
	"strings"

	"annuaire"
	"annuaire/internal/overlay"
)

// write makes b the entry in place of old, if it says something else, with its history and its line in the audit log. by is as whom the
// caller writes.
func (r *Registry) write(s *overlay.State, caller annuaire.Caller, by string, known bool, old, b annuaire.Registered) (annuaire.Registered, bool, error) {
	b.Created, b.Changed, b.Version = old.Created, old.Changed, old.Version
	fields := differing(&old, &b)
	if known && len(fields) == 0 {
		return old, false, nil
	}
	now := r.now()
	b.Changed, b.Version = now, old.Version+1
	what := "change"
	if !known || old.Operator == "" && b.Operator != "" {
		b.Created, what = now, "create"
	}
	if err := s.Put(b.Address, &b, now); err != nil {
		return b, false, err
	}
	e := caller.Event("mailbox."+what, b.Address)
	if known {
		e.Before = old
	}
	e.After = b
	if err := s.Audit(e); err != nil {
		return b, false, err
	}
	return b, true, overlay.Note(s.Tx, b.Address, annuaire.BoxEvent{Time: now, What: what, By: by, Fields: fields})
}

// differing names the fields in which two entries differ, as they are written outside; those that every write changes are left out.
func differing(a, b *annuaire.Registered) (out []string) {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
		switch name {
		case "address", "created", "changed", "version":
			continue
		}
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			out = append(out, name)
		}
	}
	return out
}
