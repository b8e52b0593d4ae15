package api

import "annuaire"

// fault is an error about one parameter of the request. Op of the error is the name of the parameter as the client wrote it.
type fault struct {
	err     *annuaire.Error
	nearest string // what the client may have meant, or ""
}

// Error implements error.
func (f *fault) Error() string { return f.err.Error() }

// Unwrap gives the domain error, and so its code.
func (f *fault) Unwrap() error { return f.err }

// invalid is the fault of a bad value of the parameter.
func invalid(param, french, english string, args ...any) *fault {
	return &fault{err: annuaire.Invalid(param, french, english, args...)}
}

// meant adds what the client may have meant.
func (f *fault) meant(nearest string) *fault {
	f.nearest = nearest
	return f
}

// maxEcho bounds how much of what a client sent is repeated to it, in runes.
const maxEcho = 64

// echoed shortens s for repetition in a message.
func echoed(s string) string {
	if r := []rune(s); len(r) > maxEcho {
		return string(r[:maxEcho]) + "…"
	}
	return s
}
