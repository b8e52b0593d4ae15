package control

import (
	"encoding/json"
	"errors"

	"annuaire"
)

// message is one line of a command's answer: an event, or the end.
type message struct {
	Event  json.RawMessage `json:"event,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *fault          `json:"error,omitempty"`
}

// fault is an error on the wire; of one that is no annuaire.Error, the whole text: the caller is the administrator.
type fault struct {
	Code    annuaire.Code `json:"code"`
	Op      string        `json:"op,omitempty"`
	French  string        `json:"message"`
	English string        `json:"english,omitempty"`
	Rule    string        `json:"rule,omitempty"`
	Input   bool          `json:"input,omitempty"`
}

func faultOf(err error) *fault {
	f := &fault{Code: annuaire.CodeInternal, French: err.Error(), English: err.Error()}
	var e *annuaire.Error
	if errors.As(err, &e) {
		f = &fault{Code: e.Code, Op: e.Op, French: e.Message, English: e.English, Rule: e.Rule}
	}
	var in *annuaire.InputError
	f.Input = errors.As(err, &in)
	return f
}

func (f *fault) error() error {
	err := annuaire.Errorf(f.Code, f.Op, f.French, f.English, nil).Because(f.Rule)
	if f.Input {
		return &annuaire.InputError{Err: err}
	}
	return err
}
