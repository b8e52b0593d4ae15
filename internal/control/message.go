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

// fault is an error on the wire. Detail carries the whole text: the caller is the administrator.
type fault struct {
	Code    annuaire.Code `json:"code"`
	Op      string        `json:"op,omitempty"`
	French  string        `json:"message"`
	English string        `json:"english,omitempty"`
	Detail  string        `json:"detail,omitempty"`
	Input   bool          `json:"input,omitempty"`
}

func faultOf(err error) *fault {
	f := &fault{Code: annuaire.CodeOf(err), Detail: err.Error()}
	var e *annuaire.Error
	if errors.As(err, &e) {
		f.Op, f.French, f.English = e.Op, e.Message, e.English
	}
	var in *annuaire.InputError
	f.Input = errors.As(err, &in)
	return f
}

func (f *fault) error() error {
	var err error = &annuaire.Error{Code: f.Code, Op: f.Op, Message: f.French, English: f.English}
	if f.French == "" {
		err = annuaire.Errorf(f.Code, f.Op, f.Detail, f.Detail, nil)
	}
	if f.Input {
		return &annuaire.InputError{Err: err}
	}
	return err
}
