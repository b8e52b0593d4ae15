package ldapd

import (
	"annuaire"
	"annuaire/internal/limits"
	"annuaire/ldapd/ber"
)

// bindRequest is a BindRequest (RFC 4511, 4.2).
type bindRequest struct {
	version  int64
	name     []byte
	method   byte
	password []byte // simple
	mech     string // SASL
	creds    []byte
}

const (
	methodSimple byte = 0x80
	methodSASL   byte = 0xa3
)

func parseBind(body []byte) (b bindRequest, ok bool) {
	c := ber.Read(body)
	var err error
	if b.version, err = c.Int(ber.Integer); err != nil {
		return b, false
	}
	if b.name, err = c.Take(ber.OctetString); err != nil {
		return b, false
	}
	var value []byte
	if b.method, value, err = c.Next(); err != nil {
		return b, false
	}
	switch b.method {
	case methodSimple:
		b.password = value
	case methodSASL:
		in := ber.Read(value)
		mech, err := in.Take(ber.OctetString)
		if err != nil {
			return b, false
		}
		b.mech = string(mech)
		if b.creds, _, err = in.Optional(ber.OctetString); err != nil {
			return b, false
		}
	}
	return b, true
}

// bind answers a BindRequest. What is under way ends first, and nothing else is read meanwhile (RFC 4511, 4.2.1). Whatever its outcome, who
// was known before is not any more (RFC 4513, 4).
func (c *conn) bind(m message) (int, error) {
	c.wg.Wait()
	c.who = annuaire.Caller{}
	who, r := c.authenticate(m)
	if r.code == success {
		c.who = who
	}
	return r.code, c.reply(m, r)
}

func (c *conn) authenticate(m message) (who annuaire.Caller, r result) {
	b, ok := parseBind(m.body)
	if !ok {
		return who, say(protocolError, "demande d'authentification illisible", "unreadable bind request")
	}
	if b.version != 3 {
		return who, say(protocolError, "seul LDAPv3 est parlé ici", "only LDAPv3 is spoken here")
	}
	if _, r := parseControls(m.controls, m.op, c.s.limits.Controls); r.code != success {
		return who, r
	}
	switch b.method {
	case methodSimple:
		return c.simple(b)
	case methodSASL:
		return c.sasl(b)
	}
	return who, say(authMethodNotSupported, "méthode d'authentification inconnue", "unknown authentication method")
}

// simple recognises nobody (anonymous, RFC 4513, 5.1.1) or the holder of a token given as the password; the name is not looked at, because a
// token says whose it is.
func (c *conn) simple(b bindRequest) (who annuaire.Caller, r result) {
	switch {
	case len(b.password) == 0 && len(b.name) == 0:
		return who, result{}
	case len(b.password) == 0: // RFC 4513, 5.1.2
		return who, say(unwillingToPerform, "un nom sans mot de passe n'est pas accepté", "a name without a password is not accepted")
	case c.tls == nil && !c.loopback:
		return who, say(confidentialityRequired, "un mot de passe n'est accepté que sous TLS", "a password is accepted under TLS only")
	}
	secret := string(b.password)
	if wait := c.s.guard.Wait(c.key, secret); wait > 0 {
		return who, tooManyWrong
	}
	return c.recognised(secret, func() (annuaire.Caller, error) {
		if c.s.opts.Tokens == nil {
			return who, errNoToken
		}
		return c.s.opts.Tokens.Authenticate(secret)
	})
}

var errNoToken = annuaire.Errorf(annuaire.CodeUnauthorized, "", "jeton inconnu", "unknown token", nil).Because("token_unknown")

// mechExternal is the one SASL mechanism: a client certificate (RFC 4422, appendix A).
const mechExternal = "EXTERNAL"

func (c *conn) sasl(b bindRequest) (who annuaire.Caller, r result) {
	switch {
	case b.mech != mechExternal || c.s.opts.Certificates == nil:
		return who, say(authMethodNotSupported, "mécanisme SASL inconnu", "unknown SASL mechanism")
	case !c.certified():
		return who, say(inappropriateAuthentication, "aucun certificat de client vérifié sur cette connexion", "no verified client certificate on this connection")
	case len(b.creds) > 0: // RFC 4513, 5.2.3: to act as somebody else
		return who, say(invalidCredentials, "agir au nom d'un autre n'est pas permis", "acting as somebody else is not allowed")
	}
	return c.recognised("", func() (annuaire.Caller, error) {
		return c.s.opts.Certificates.Certificate(c.tls.VerifiedChains[0][0])
	})
}

// certified reports whether the client has shown a certificate of a chain that was verified.
func (c *conn) certified() bool { return c.tls != nil && len(c.tls.VerifiedChains) > 0 }

// recognised asks who it is, by a secret or ("") a certificate; wrong answers are counted, so that guessing and filling logs are not free.
func (c *conn) recognised(secret string, ask func() (annuaire.Caller, error)) (annuaire.Caller, result) {
	who, err := ask()
	switch {
	case err == nil:
		if secret != "" {
			c.s.guard.Recognised(secret)
		}
		who.From = c.from()
		return who, result{}
	case annuaire.CodeOf(err) != annuaire.CodeUnauthorized:
		return annuaire.Caller{}, failed(err)
	}
	if _, ok := c.s.guard.Refused(c.key, secret, limits.Refusal{Front: "ldap", Rule: annuaire.RuleOf(err), From: c.from()}); !ok {
		return annuaire.Caller{}, tooManyWrong
	}
	return annuaire.Caller{}, failed(err)
}

var tooManyWrong = say(busy, "trop de jetons faux : réessayez plus tard", "too many wrong tokens: try again later")
