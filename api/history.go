package api

import (
	"bytes"
	"reflect"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// historyLine is a dated change of a person. Differs names the top-level keys that changed since the record before, when that is known.
type historyLine struct {
	Seq     uint64     `json:"seq"`
	At      *time.Time `json:"at"` // of the extract
	Run     string     `json:"run"`
	Change  string     `json:"change"`
	Differs []string   `json:"differs"`
	Record  any        `json:"record"`
}

// history tells what became of a person, oldest first.
func (s *Server) history(c echo.Context, _ *request) error {
	id, err := pathValue(c, pathProfessional)
	if err != nil {
		return err
	}
	changes, err := s.dir.History(c.Request().Context(), id)
	if err != nil {
		return refused(err, pathProfessional)
	}
	out := struct {
		ID    string        `json:"id"`
		Since *time.Time    `json:"since"` // how far the log goes back for this person
		Items []historyLine `json:"items"`
	}{ID: id, Items: []historyLine{}}
	var before any
	for i, ch := range changes {
		line := historyLine{Seq: ch.Seq, At: instant(ch.Time), Run: ch.Run, Change: string(ch.Op), Differs: []string{}}
		if ch.Person != nil {
			line.Record = professional(annuaire.Item[annuaire.Professional]{Value: *ch.Person})
			if line.Differs, err = differing(before, line.Record); err != nil {
				return err
			}
		}
		if i == 0 {
			out.Since, out.ID = line.At, ch.ID
		}
		before = line.Record
		out.Items = append(out.Items, line)
	}
	s.charge(c, 1)
	return sendJSON(c, out)
}

// bookkeeping are the keys that say where a record comes from, not what it says.
var bookkeeping = map[string]bool{"source": true, "matched_on": true, "mailboxes": true}

// differing names the keys whose values differ between two records; none when one is unknown.
func differing(a, b any) ([]string, error) {
	out := []string{}
	if a == nil || b == nil {
		return out, nil
	}
	va, vb := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range va.NumField() {
		key := jsonKey(va.Type().Field(i))
		if bookkeeping[key] {
			continue
		}
		x, err := encode(va.Field(i).Interface())
		if err != nil {
			return nil, err
		}
		y, err := encode(vb.Field(i).Interface())
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(x, y) {
			out = append(out, key)
		}
	}
	return out, nil
}
