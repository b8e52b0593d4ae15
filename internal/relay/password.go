package relay

import (
	"crypto/tls"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// mechanism is a way to prove who one is (SASL).
type mechanism struct {
	name  string
	tells bool // says the password itself, rather than that it is known
	bound bool // to the TLS of the connection
	auth  func(r Relay, password, host string, state *tls.ConnectionState) smtp.Auth
}

// mechanisms are those that are tried, the best first.
var mechanisms = []mechanism{
	{"SCRAM-SHA-256-PLUS", false, true, func(r Relay, p, _ string, s *tls.ConnectionState) smtp.Auth {
		return smtp.ScramSHA256PlusAuth(r.User, p, s)
	}},
	{"SCRAM-SHA-256", false, false, func(r Relay, p, _ string, _ *tls.ConnectionState) smtp.Auth { return smtp.ScramSHA256Auth(r.User, p) }},
	{"SCRAM-SHA-1-PLUS", false, true, func(r Relay, p, _ string, s *tls.ConnectionState) smtp.Auth {
		return smtp.ScramSHA1PlusAuth(r.User, p, s)
	}},
	{"SCRAM-SHA-1", false, false, func(r Relay, p, _ string, _ *tls.ConnectionState) smtp.Auth { return smtp.ScramSHA1Auth(r.User, p) }},
	{"CRAM-MD5", false, false, func(r Relay, p, _ string, _ *tls.ConnectionState) smtp.Auth { return smtp.CRAMMD5Auth(r.User, p) }},
	{"PLAIN", true, false, func(r Relay, p, host string, _ *tls.ConnectionState) smtp.Auth {
		return smtp.PlainAuth("", r.User, p, host, false)
	}},
	{"LOGIN", true, false, func(r Relay, p, host string, _ *tls.ConnectionState) smtp.Auth {
		return smtp.LoginAuth(r.User, p, host, false)
	}},
}

// choose returns the best mechanism that a relay offers and that says no password to whoever listens: without TLS one that tells it is for
// Plain, a relay on this machine, alone.
func choose(offered string, secure bool, s Security) (mechanism, bool) {
	words := strings.Fields(strings.ToUpper(offered))
	i := slices.IndexFunc(mechanisms, func(m mechanism) bool {
		return slices.Contains(words, m.name) && (secure || !m.bound && (!m.tells || s == Plain))
	})
	if i < 0 {
		return mechanism{}, false
	}
	return mechanisms[i], true
}

// login proves who we are, where the settings say who that is.
func (k *Conn) login(r Relay, host string) error {
	if r.User == "" {
		return nil
	}
	password, err := os.ReadFile(r.PasswordFile)
	if err != nil {
		return errors.New("the password of the relay cannot be read")
	}
	state, secure := k.c.TLSConnectionState()
	_, offered := k.c.Extension("AUTH")
	m, ok := choose(offered, secure, r.Security)
	if !ok && !secure {
		return errors.New("relay offers no TLS, without which the password is not said")
	}
	if !ok {
		return errors.New("relay offers no way that we know to say who we are")
	}
	if err := k.c.Auth(m.auth(r, strings.TrimSpace(string(password)), host, &state)); err != nil {
		return wrapped("relay refuses the password", err)
	}
	return nil
}
