package rig

import (
	"cmp"
	"errors"
)

// Unmeasured is a peer that could not be measured, and why. It is no failure of the run: the table says so.
type Unmeasured string

func (u Unmeasured) Error() string { return "not measured: " + string(u) }

// Why is what the table says of a peer: "" when it was measured. What went wrong with a peer that is installed is for the output of
// the run only, as it may name folders.
func Why(peer string, err error) string {
	var u Unmeasured
	switch {
	case err == nil:
		return ""
	case errors.As(err, &u):
		return u.Error()
	}
	return Unmeasured(peer + " failed, see the output of the run").Error()
}

// Peer is another system's figures; Why is "" when it was measured.
type Peer struct {
	Cost
	Why string
}

// PeerCell is a figure of a peer, or why there is none.
func PeerCell(name string, p Peer, figure string) string {
	return name + ": " + cmp.Or(p.Why, figure)
}
