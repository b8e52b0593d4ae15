package main

import (
	"annuaire/internal/cli"
	"annuaire/internal/store"
)

// outcomeError is the exit code that the outcome of a run stands for.
func outcomeError(o store.Outcome) error {
	switch o {
	case store.OutcomeUnchanged:
		return cli.Exit(cli.ExitNothing)
	case store.OutcomeAwaiting:
		return cli.Exit(cli.ExitGate)
	}
	return nil
}
