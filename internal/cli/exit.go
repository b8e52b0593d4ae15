package cli

import (
	"errors"
	"strings"

	"annuaire"
)

// The exit codes that no annuaire.Code stands for (DESIGN, 7).
const (
	ExitFailed  = 1
	ExitUsage   = 2
	ExitNothing = 3
	ExitInput   = 4
	ExitGate    = 5
)

// UsageError is a command line, or a configuration, that cannot be understood: exit code 2.
type UsageError struct{ Err error }

// Error returns what is wrong with it.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong with it.
func (e *UsageError) Unwrap() error { return e.Err }

// Usage makes of an error that of a wrong command line; nil stays nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return &UsageError{err}
}

// Said ends a command that has said all that it had to say with an exit code of its own.
type Said struct{ Code int }

// Error returns nothing: it is said.
func (*Said) Error() string { return "" }

// Exit returns Said, nil for the code 0.
func Exit(code int) error {
	if code == 0 {
		return nil
	}
	return &Said{code}
}

// ExitCode is the one that an error of a command stands for.
func ExitCode(err error) int {
	var (
		said  *Said
		usage *UsageError
		input *annuaire.InputError
		known *annuaire.Error
	)
	switch {
	case err == nil:
		return 0
	case errors.As(err, &said):
		return said.Code
	case errors.As(err, &usage):
		return ExitUsage
	case errors.As(err, &input):
		return ExitInput
	case errors.As(err, &known):
		return annuaire.OutcomeOf(known.Code).Exit
	case strings.HasPrefix(err.Error(), "unknown command"): // cobra has no type for it
		return ExitUsage
	}
	return ExitFailed
}

// Message is what a person reads of an error: both languages where there are two, and the rule that was broken; "" where all is said.
func Message(err error) string {
	var said *Said
	if err == nil || errors.As(err, &said) {
		return ""
	}
	var known *annuaire.Error
	text := err.Error()
	if !errors.As(err, &known) {
		return text
	}
	if known.Message != "" && known.English != known.Message {
		text = known.Message + "\n          " + known.Error()
	}
	if known.Rule != "" {
		text += " [" + known.Rule + "]"
	}
	return text
}
