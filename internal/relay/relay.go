package relay

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// Security is how a connection is kept from others.
type Security string

// The ways.
const (
	StartTLS Security = ""        // required: a relay that does not offer it is not used
	TLS      Security = "tls"     // from the first byte
	Offered  Security = "offered" // STARTTLS where the relay offers it; no password without
	Plain    Security = "plain"   // none: for a relay on this machine
)

// Relay is where to hand messages over.
type Relay struct {
	Addr         string // host:port
	Security     Security
	Roots        *x509.CertPool // nil: the system's authorities
	User         string         // "": no authentication
	PasswordFile string         // read at each connection, so that a new password needs no restart
	Hello        string         // name to greet with; "": localhost
	DSN          bool           // ask for reports of delivery, where the relay offers it (RFC 3461)
}

// timeout bounds every wait for the relay: RFC 5321, 4.5.3.2.6 allows ten minutes after the end of the data; a relay that takes two is ill.
const timeout = 2 * time.Minute

// dialTimeout bounds connecting, greeting, TLS and authentication together.
const dialTimeout = 30 * time.Second

// Conn is a connection to a relay. It serves one message at a time.
type Conn struct {
	conn     net.Conn
	c        *smtp.Client
	text     *textproto.Conn
	pipeline bool
	dsn      bool
	stop     func() bool
	Sent     int // messages handed over on it
}

// Dial connects, greets and authenticates. When ctx ends, so does the connection, whatever it waits for.
func Dial(ctx context.Context, r Relay) (*Conn, error) {
	host, _, err := net.SplitHostPort(r.Addr)
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	dialCtx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(dialCtx, "tcp", r.Addr)
	if err != nil {
		return nil, fmt.Errorf("relay cannot be reached: %w", err)
	}
	_ = conn.SetDeadline(time.Now().Add(dialTimeout))
	secret := &tls.Config{ServerName: host, RootCAs: r.Roots, MinVersion: tls.VersionTLS12}
	if r.Security == TLS {
		conn = tls.Client(conn, secret)
	}
	k := &Conn{conn: conn, stop: context.AfterFunc(ctx, func() { _ = conn.Close() })}
	if err := k.greet(r, host, secret); err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

func (k *Conn) greet(r Relay, host string, secret *tls.Config) (err error) {
	if k.c, err = smtp.NewClient(k.conn, host); err != nil {
		return wrapped("relay does not greet", err)
	}
	if r.Hello != "" {
		if err := k.c.Hello(r.Hello); err != nil {
			return wrapped("relay refuses the greeting", err)
		}
	}
	if r.Security == StartTLS || r.Security == Offered {
		ok, _ := k.c.Extension("STARTTLS")
		if !ok && r.Security == StartTLS {
			return errors.New("relay offers no TLS")
		}
		if ok {
			if err := k.c.StartTLS(secret); err != nil {
				return wrapped("TLS with the relay", err)
			}
		}
	}
	if err := k.login(r, host); err != nil {
		return err
	}
	k.pipeline, _ = k.c.Extension("PIPELINING")
	dsn, _ := k.c.Extension("DSN")
	k.dsn = dsn && r.DSN
	k.text = k.c.Text
	return nil
}

// wrapped says what failed. Of an answer its code is kept: its text may name an address.
func wrapped(what string, err error) error {
	var e *textproto.Error
	if errors.As(err, &e) {
		return fmt.Errorf("%s: answer %d", what, e.Code)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// Close ends the connection, politely when it is not broken.
func (k *Conn) Close() {
	k.stop()
	if k.text != nil {
		_ = k.conn.SetDeadline(time.Now().Add(time.Second))
		_ = k.text.PrintfLine("QUIT") // nobody waits for the answer
	}
	_ = k.conn.Close()
}
