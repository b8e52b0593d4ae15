package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/store"
)

// The exit codes that no annuaire.Code stands for.
const (
	exitUsage   = 2
	exitNothing = 3
	exitInput   = 4
	exitGate    = 5
)

// usageError is a command line that cannot be understood.
type usageError struct{ error }

// outcome ends a command that has said all it had to say with an exit code of its own.
type outcome struct{ code int }

func (o *outcome) Error() string { return "" }

func exitCode(err error) int {
	var (
		done  *outcome
		usage *usageError
		input *annuaire.InputError
		known *annuaire.Error
	)
	switch {
	case err == nil:
		return 0
	case errors.As(err, &done):
		return done.code
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &input):
		return exitInput
	case errors.As(err, &known):
		return annuaire.OutcomeOf(known.Code).Exit
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "unknown flag"):
		return exitUsage // cobra has no type for these
	}
	return 1
}

// message is what a person reads: both languages where we have them.
func message(err error) string {
	var known *annuaire.Error
	if errors.As(err, &known) && known.Message != "" && known.English != known.Message {
		return known.Message + "\n          " + known.Error()
	}
	return err.Error()
}

func outcomeError(o store.Outcome) error {
	switch o {
	case store.OutcomeUnchanged:
		return &outcome{exitNothing}
	case store.OutcomeAwaiting:
		return &outcome{exitGate}
	}
	return nil
}

// args0 refuses arguments, as a usage error.
func args0(c *cobra.Command, args []string) error {
	if err := cobra.NoArgs(c, args); err != nil {
		return &usageError{err}
	}
	return nil
}
