package ldapd

import (
	"context"
	"crypto/tls"
	"time"

	"annuaire"
	"annuaire/ldapd/ber"
)

// Extended operations.
const (
	oidStartTLS       = "1.3.6.1.4.1.1466.20037"  // RFC 4511, 4.14
	oidWhoAmI         = "1.3.6.1.4.1.4203.1.11.3" // RFC 4532
	oidCancel         = "1.3.6.1.1.8"             // RFC 3909
	oidPasswordModify = "1.3.6.1.4.1.4203.1.11.1" // RFC 3062; not advertised
)

func (c *conn) extended(m message) (int, error) {
	in := ber.Read(m.body)
	name, err := in.Take(ber.Context(0))
	var value []byte
	valued := false
	if err == nil {
		value, valued, err = in.Optional(ber.Context(1))
	}
	if err != nil {
		return c.refuse(m, say(protocolError, "opération étendue illisible", "unreadable extended operation"))
	}
	if _, r := parseControls(m.controls, m.op, c.s.limits.Controls); r.code != success {
		return c.refuse(m, r)
	}
	switch string(name) {
	case oidStartTLS:
		return c.startTLS(m, valued)
	case oidWhoAmI:
		return c.whoAmI(m, valued)
	case oidCancel:
		return c.cancelOperation(m, value)
	case oidPasswordModify:
		return c.refuse(m, readOnly)
	}
	return c.refuse(m, say(protocolError, "opération étendue inconnue", "unknown extended operation")) // RFC 4511, 4.12
}

func (c *conn) refuse(m message, r result) (int, error) {
	return r.code, c.replyExtended(m, r, "", nil)
}

// whoAmI says who the client is known as: nothing for anyone, else "u:" and the name of the token.
func (c *conn) whoAmI(m message, valued bool) (int, error) {
	if valued {
		return c.refuse(m, say(protocolError, "cette opération n'a pas de valeur", "this operation has no value"))
	}
	authz := []byte{}
	if !c.who.Anonymous() {
		authz = append(authz, "u:"+c.who.ID...)
	}
	return success, c.replyExtended(m, result{}, "", authz)
}

// cancelOperation stops an operation, which is answered canceled before this one is answered success.
func (c *conn) cancelOperation(m message, value []byte) (int, error) {
	in := ber.Read(value)
	seq, err := in.Enter(ber.Sequence)
	var id int64
	if err == nil {
		id, err = seq.Int(ber.Integer)
	}
	if err != nil {
		return c.refuse(m, say(protocolError, "annulation illisible", "unreadable cancel request"))
	}
	if id == int64(m.id) {
		return c.refuse(m, say(cannotCancel, "cette opération ne s'annule pas", "this operation cannot be canceled"))
	}
	op := c.stop(id, func(op *operation) { op.canceled = true })
	if op == nil {
		return c.refuse(m, say(noSuchOperation, "aucune opération de ce numéro", "no such operation"))
	}
	<-op.done // it was told to stop, and no write lasts
	if op.code != canceled {
		return c.refuse(m, say(tooLate, "l'opération était déjà terminée", "the operation had ended already"))
	}
	return success, c.replyExtended(m, result{}, "", nil)
}

// startTLS puts TLS on the connection. It is refused when that was done already or something is under way; whatever the client sent
// in clear behind the request is dropped (RFC 4511, 4.14.1 and 4.14.2), and nobody is known any more.
func (c *conn) startTLS(m message, valued bool) (int, error) {
	switch {
	case c.s.opts.TLS == nil:
		return c.refuse(m, say(protocolError, "TLS n'est pas proposé ici", "TLS is not offered here"))
	case valued:
		return c.refuse(m, say(protocolError, "cette opération n'a pas de valeur", "this operation has no value"))
	case c.tls != nil:
		return c.refuse(m, say(operationsError, "TLS est déjà en place", "TLS is in place already"))
	case !c.quiet():
		return c.refuse(m, say(operationsError, "des opérations sont en cours", "operations are under way"))
	}
	c.wg.Wait() // for the last write of what has just ended
	if err := c.replyExtended(m, result{}, oidStartTLS, nil); err != nil {
		return otherError, err
	}
	c.in, c.done, c.who = nil, 0, annuaire.Caller{}
	return success, c.handshake()
}

// handshake puts TLS on the connection. It has as long as a message.
func (c *conn) handshake() error {
	ctx, cancel := context.WithTimeout(c.ctx, c.s.limits.Message)
	defer cancel()
	t := tls.Server(c.raw, c.s.opts.TLS)
	if err := c.until(time.Time{}); err != nil {
		return err
	}
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	state := t.ConnectionState()
	c.nc, c.tls = t, &state
	return nil
}
