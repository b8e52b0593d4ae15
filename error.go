package annuaire

import (
	"errors"
	"fmt"
)

// Code is one of the few ways in which anything here can fail. REST, LDAP and the command line each translate it by the
// one table below.
type Code string

// The codes.
const (
	CodeConflict     Code = "conflict"
	CodeForbidden    Code = "forbidden"
	CodeGone         Code = "gone"
	CodeInternal     Code = "internal"
	CodeInvalid      Code = "invalid"
	CodeNotFound     Code = "not_found"
	CodePrecondition Code = "precondition"
	CodeTooMany      Code = "too_many"
	CodeUnauthorized Code = "unauthorized"
	CodeUnavailable  Code = "unavailable"
)

// Error is the one error type that crosses packages. Message is for the person who caused it, in French, and holds no
// personal data; English is the same in English. Op names the operation or the parameter at fault.
type Error struct {
	Code    Code
	Op      string
	Message string
	English string
	Err     error  // the cause, for the log only
	Rule    string // the one rule that was broken, for programs: "name_mismatch"; "" where Code says enough
}

// Because names the rule that was broken: stable, lower case, of letters and underscores.
func (e *Error) Because(rule string) *Error {
	e.Rule = rule
	return e
}

// RuleOf returns the rule that err says was broken, "" where it names none.
func RuleOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return ""
}

// Error returns the message for logs and the command line.
func (e *Error) Error() string {
	s := e.English
	if s == "" {
		s = e.Message
	}
	if e.Op != "" {
		s = e.Op + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with both wordings. The cause, if any, is not shown to clients.
func Errorf(code Code, op, french, english string, cause error) *Error {
	return &Error{Code: code, Op: op, Message: french, English: english, Err: cause}
}

// Invalid is the error of a bad value: op names the parameter.
func Invalid(op, french, english string, args ...any) *Error {
	return &Error{Code: CodeInvalid, Op: op, Message: fmt.Sprintf(french, args...), English: fmt.Sprintf(english, args...)}
}

// CodeOf returns the code of err; anything that is not an Error is internal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// Outcome is how a code shows on each front: HTTP status, LDAP resultCode (RFC 4511, 4.1.9) and exit code of the command.
type Outcome struct{ HTTP, LDAP, Exit int }

var outcomes = map[Code]Outcome{
	CodeConflict:     {409, 68, 1},
	CodeForbidden:    {403, 50, 1},
	CodeGone:         {410, 32, 1},
	CodeInternal:     {500, 80, 1},
	CodeInvalid:      {400, 2, 2},
	CodeNotFound:     {404, 32, 1},
	CodePrecondition: {412, 122, 1},
	CodeTooMany:      {429, 51, 1},
	CodeUnauthorized: {401, 49, 1},
	CodeUnavailable:  {503, 52, 1},
}

// OutcomeOf returns how code shows on each front.
func OutcomeOf(code Code) Outcome {
	if o, ok := outcomes[code]; ok {
		return o
	}
	return outcomes[CodeInternal]
}

// InputError says that what was to be taken in is at fault and that the data is untouched (exit code 4).
type InputError struct{ Err error }

// Error returns the fault of the input.
func (e *InputError) Error() string { return e.Err.Error() }

// Unwrap returns the fault of the input.
func (e *InputError) Unwrap() error { return e.Err }
