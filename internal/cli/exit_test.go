package cli

import (
	"errors"
	"fmt"
	"testing"

	"annuaire"
)

func TestExitCode(t *testing.T) {
	for _, tt := range []struct {
		rule string
		err  error
		want int
	}{
		{"done", nil, 0},
		{"anything unforeseen has failed", errors.New("x"), 1},
		{"an unknown command, for which cobra has no type", errors.New(`unknown command "x" for "y"`), 2},
		{"usage", Usage(errors.New("x")), 2},
		{"a bad value is bad usage", annuaire.Invalid("family", "x", "x"), 2},
		{"nothing to do", Exit(ExitNothing), 3},
		{"a report that is done", Exit(0), 0},
		{"an input at fault, although its cause is a bad value", &annuaire.InputError{Err: annuaire.Invalid("from", "x", "x")}, 4},
		{"an input at fault beside another failure", errors.Join(errors.New("close"), &annuaire.InputError{Err: errors.New("x")}), 4},
		{"not found", annuaire.Errorf(annuaire.CodeNotFound, "", "x", "x", nil), 1},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := ExitCode(tt.err); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
}

func TestMessage(t *testing.T) {
	for _, tt := range []struct {
		rule string
		err  error
		want string
	}{
		{"what is said already is not said again", Exit(ExitGate), ""},
		{"an error of any kind is its text", errors.New("x"), "x"},
		{"both languages where there are two", annuaire.Errorf(annuaire.CodeInvalid, "", "faux", "wrong", nil), "faux\n          wrong"},
		{"one where there is one, with the parameter at fault", annuaire.Errorf(annuaire.CodeInvalid, "rank", "faux", "faux", nil), "rank: faux"},
		{"the rule that was broken is named", annuaire.Errorf(annuaire.CodeConflict, "", "pris", "pris", nil).Because("domain_taken"), "pris [domain_taken]"},
		{"an error around it stays", fmt.Errorf("close: %w", annuaire.Errorf(annuaire.CodeInvalid, "", "x", "x", nil)), "close: x"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := Message(tt.err); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	t.Run("nothing wrong is nothing to say", func(t *testing.T) {
		if Message(nil) != "" || Usage(nil) != nil || Exit(0) != nil {
			t.Error("something is said of nothing")
		}
	})
}
