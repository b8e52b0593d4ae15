package main

import "errors"

// unmeasured is a peer that could not be measured, and why. It is no failure of the run: the table says so.
type unmeasured string

func (u unmeasured) Error() string { return "not measured: " + string(u) }

// why is what the table says of a peer: "" when it was measured. What went wrong with a peer that is installed is for the output of
// the run only, as it may name folders.
func why(peer string, err error) string {
	var u unmeasured
	switch {
	case err == nil:
		return ""
	case errors.As(err, &u):
		return u.Error()
	}
	return unmeasured(peer + " failed, see the output of the run").Error()
}
