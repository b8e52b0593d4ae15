package annuaire

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestEveryCodeHasAnOutcomeOnEveryFront(t *testing.T) {
	for _, c := range []Code{CodeConflict, CodeForbidden, CodeGone, CodeInternal, CodeInvalid, CodeNotFound, CodePrecondition,
		CodeTooMany, CodeUnauthorized, CodeUnavailable} {
		o, ok := outcomes[c]
		if !ok || o.HTTP < 400 || o.HTTP > 599 || o.LDAP == 0 || o.Exit == 0 {
			t.Errorf("%s: %+v", c, o)
		}
	}
	if len(outcomes) != 10 {
		t.Errorf("%d codes in the table, 10 here", len(outcomes))
	}
}

func TestCodeOf(t *testing.T) {
	bad := Invalid("limit", "valeur %d", "value %d", 300)
	t.Run("a wrapped error keeps its code", func(t *testing.T) {
		if CodeOf(fmt.Errorf("search: %w", bad)) != CodeInvalid {
			t.Fatal("code lost")
		}
	})
	t.Run("an error of unknown origin is internal", func(t *testing.T) {
		if CodeOf(errors.New("disk")) != CodeInternal || OutcomeOf("no such code").HTTP != 500 {
			t.Fatal("not internal")
		}
	})
	t.Run("its text names the parameter, in English, with the cause", func(t *testing.T) {
		s := Errorf(CodeConflict, "data", "pris", "taken", errors.New("lock")).Error()
		if s != "data: taken: lock" || !strings.Contains(bad.Error(), "limit: value 300") {
			t.Fatal(s, bad)
		}
	})
	t.Run("a fault of the input is still the fault it was", func(t *testing.T) {
		var in *InputError
		err := fmt.Errorf("sync: %w", &InputError{bad})
		if !errors.As(err, &in) || CodeOf(err) != CodeInvalid {
			t.Fatal(err)
		}
	})
}

func TestGroupsOfOne(t *testing.T) {
	one := Equals(FieldCity, "lyon")
	if And(one).Op != OpEquals || Or(one).Op != OpEquals || len(And(one, one).Args) != 2 {
		t.Fatal("a group of one is that one")
	}
	if OneActivity(one).Op != OpOneActivity || Not(one).Args[0].Value != "lyon" || Present(FieldSIRET).Field != FieldSIRET {
		t.Fatal("constructors")
	}
}
