package ldapd

import (
	"context"
	"errors"

	"annuaire"
	"annuaire/ldapd/ber"
)

// The result codes in use (RFC 4511, 4.1.9; cancel: RFC 3909, 2).
const (
	success                      = 0
	operationsError              = 1
	protocolError                = 2
	timeLimitExceeded            = 3
	sizeLimitExceeded            = 4
	compareFalse                 = 5
	compareTrue                  = 6
	authMethodNotSupported       = 7
	strongerAuthRequired         = 8
	adminLimitExceeded           = 11
	unavailableCriticalExtension = 12
	confidentialityRequired      = 13
	noSuchAttribute              = 16
	undefinedAttributeType       = 17
	inappropriateMatching        = 18
	invalidAttributeSyntax       = 21
	noSuchObject                 = 32
	invalidDNSyntax              = 34
	inappropriateAuthentication  = 48
	invalidCredentials           = 49
	busy                         = 51
	unavailable                  = 52
	unwillingToPerform           = 53
	otherError                   = 80
	canceled                     = 118
	noSuchOperation              = 119
	tooLate                      = 120
	cannotCancel                 = 121
)

// abandonedCode stands for "no answer" in Metrics.
const abandonedCode = -1

// result is an LDAPResult.
type result struct {
	code    int
	matched string // DN of the deepest entry that exists, with noSuchObject
	text    string // for people: French, then English
}

// say is a result in both languages.
func say(code int, french, english string) result {
	return result{code: code, text: french + " / " + english}
}

// Results with more than one reason.
var (
	internalError = say(otherError, "erreur interne", "internal error")
	readOnly      = say(unwillingToPerform, "cet annuaire est en lecture seule", "this directory is read-only")
	noSlot        = say(busy, "le serveur est occupé : réessayez plus tard", "the server is busy: try again later")
)

// failed is the result that stands for an error. What was the cause is not shown.
func failed(err error) result {
	var e *annuaire.Error
	switch {
	case errors.As(err, &e) && e.Code == annuaire.CodeInternal:
	case e != nil:
		return say(annuaire.OutcomeOf(e.Code).LDAP, e.Message, e.English)
	case errors.Is(err, context.DeadlineExceeded):
		return say(timeLimitExceeded, "temps imparti dépassé : la réponse est partielle", "the time for one search is over: this is a part of the answer")
	}
	return internalError
}

// begin starts an LDAPMessage whose operation is tag; end ends it.
type envelope struct{ message, op ber.Mark }

func begin(e *ber.Encoder, id int32, tag byte) envelope {
	m := e.Begin(ber.Sequence)
	e.Int(ber.Integer, int64(id))
	return envelope{m, e.Begin(tag)}
}

// end ends an LDAPMessage, with controls if there are any.
func (v envelope) end(e *ber.Encoder, controls ...responseControl) {
	e.End(v.op)
	if len(controls) > 0 {
		all := e.Begin(ber.ContextC(0))
		for _, c := range controls {
			one := e.Begin(ber.Sequence)
			e.String(ber.OctetString, c.oid)
			e.Bytes(ber.OctetString, c.value)
			e.End(one)
		}
		e.End(all)
	}
	e.End(v.message)
}

// responseControl is a control of an answer; none of ours is critical.
type responseControl struct {
	oid   string
	value []byte
}

func (r result) append(e *ber.Encoder) {
	e.Int(ber.Enumerated, int64(r.code))
	e.String(ber.OctetString, r.matched)
	e.String(ber.OctetString, r.text)
}

// appendResult appends the whole answer to an operation.
func appendResult(e *ber.Encoder, id int32, tag byte, r result, controls ...responseControl) {
	v := begin(e, id, tag)
	r.append(e)
	v.end(e, controls...)
}

// appendExtended appends an ExtendedResponse; name "" and value nil are left out (RFC 4511, 4.12).
func appendExtended(e *ber.Encoder, id int32, r result, name string, value []byte) {
	v := begin(e, id, tagExtendedResponse)
	r.append(e)
	if name != "" {
		e.String(ber.Context(10), name)
	}
	if value != nil {
		e.Bytes(ber.Context(11), value)
	}
	v.end(e)
}
