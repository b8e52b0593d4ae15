package watch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/smtp"
	"os"
	"strings"
	"time"
)

// Mail sends the few messages of an alarm through a relay. The zero Mail sends nothing.
type Mail struct {
	Relay        string // host:port
	From         string
	To           []string
	User         string // "": no authentication
	PasswordFile string
	Roots        *tls.Config // nil: the system's; tests have their own
}

// mailTimeout bounds the whole conversation with the relay.
const mailTimeout = 30 * time.Second

// Send sends one message of plain text. TLS is used whenever the relay offers it, and required before a password is said.
func (m Mail) Send(ctx context.Context, subject, body string) error {
	if len(m.To) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.Relay)
	if err != nil {
		return errors.New("relay cannot be reached")
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends whatever waits for the relay
	defer stop()
	host, _, _ := net.SplitHostPort(m.Relay)
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return errors.Join(errors.New("relay does not speak SMTP"), conn.Close())
	}
	defer c.Close()
	if err := m.greet(c, host); err != nil {
		return err
	}
	if err := c.Mail(m.From); err != nil {
		return fmt.Errorf("sender: %w", err)
	}
	for _, to := range m.To {
		if err := c.Rcpt(to); err != nil {
			return errors.New("a recipient is refused")
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(m.message(subject, body)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func (m Mail) greet(c *smtp.Client, host string) error {
	if ok, _ := c.Extension("STARTTLS"); ok {
		cfg := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		if m.Roots != nil {
			cfg = m.Roots.Clone()
			cfg.ServerName = host
		}
		if err := c.StartTLS(cfg); err != nil {
			return fmt.Errorf("TLS with the relay: %w", err)
		}
	}
	if m.User == "" {
		return nil
	}
	if _, encrypted := c.TLSConnectionState(); !encrypted {
		return errors.New("the relay offers no TLS: the password is not said")
	}
	b, err := os.ReadFile(m.PasswordFile)
	if err != nil {
		return errors.New("the file of the password cannot be read")
	}
	return c.Auth(smtp.PlainAuth("", m.User, strings.TrimSpace(string(b)), host))
}

// message is the text with its headers (RFC 5322).
func (m Mail) message(subject, body string) []byte {
	var b strings.Builder
	for _, h := range [][2]string{{"From", m.From}, {"To", strings.Join(m.To, ", ")}, {"Subject", mime.QEncoding.Encode("utf-8", subject)},
		{"Date", time.Now().UTC().Format(time.RFC1123Z)}, {"Auto-Submitted", "auto-generated"}, {"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"}} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	_, _ = q.Write([]byte(body)) // a Builder does not fail
	_ = q.Close()
	return []byte(b.String())
}
