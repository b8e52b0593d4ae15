package notify

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Security is how the conversation with a relay is kept from others.
type Security string

// The ways: STARTTLS or nothing at all is said, TLS from the first byte, or STARTTLS where the relay offers it (for one on this machine).
const (
	StartTLS Security = "starttls"
	Implicit Security = "implicit"
	Offered  Security = "offered"
)

// Relay is the SMTP server that takes our messages.
type Relay struct {
	Address      string // host:port
	From         string // of the header and of the envelope
	User         string // "": no authentication
	PasswordFile string // read at each conversation
	Security     Security
	TLS          *tls.Config   // nil: the system's authorities
	Timeout      time.Duration // of one conversation; 0 is half a minute
}

// Refusal is an answer of the relay that trying again does not change.
type Refusal struct {
	Code     int    // of SMTP (RFC 5321, 4.2)
	Enhanced string // RFC 3463, "" where the relay gives none
}

// Error names the codes alone: what a relay says in words may hold the address.
func (r *Refusal) Error() string {
	return strings.TrimSpace(fmt.Sprintf("refused by the relay: %d %s", r.Code, r.Enhanced))
}

// Send implements Sender, one conversation for one message.
func (r Relay) Send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout())
	defer cancel()
	client, err := r.client(func(dial context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dial, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends whatever waits for the relay; and the library leaves it open where greeting fails
		}
		return conn, err
	})
	if err != nil {
		return err
	}
	msg, err := r.message(m)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // what fails after the relay has taken it is of no importance
		return nil
	}
	return outcome(err)
}

func (r Relay) timeout() time.Duration { return cmp.Or(r.Timeout, 30*time.Second) }

func (r Relay) client(dial mail.DialContextFunc) (*mail.Client, error) {
	host, port, err := net.SplitHostPort(r.Address)
	if err != nil {
		return nil, errors.New("the address of the relay is not host:port")
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, errors.New("the port of the relay is not a number")
	}
	trust := &tls.Config{}
	if r.TLS != nil {
		trust = r.TLS.Clone()
	}
	trust.ServerName, trust.MinVersion = host, tls.VersionTLS12
	options := []mail.Option{mail.WithPort(n), mail.WithTimeout(r.timeout()), mail.WithTLSConfig(trust), mail.WithHELO(DomainOf(r.From)), mail.WithoutNoop()}
	switch r.Security {
	case Implicit:
		options = append(options, mail.WithSSL())
	case Offered:
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic), mail.WithDialContextFunc(dial))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory), mail.WithDialContextFunc(dial))
	}
	if r.User != "" {
		b, err := os.ReadFile(r.PasswordFile)
		if err != nil {
			return nil, errors.New("the file of the relay's password cannot be read")
		}
		// Never one of the mechanisms that say a password without TLS.
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(r.User), mail.WithPassword(strings.TrimSpace(string(b))))
	}
	return mail.NewClient(host, options...)
}

// message is plain text with its headers. What sends itself says so (RFC 3834), so that absence messages do not answer.
func (r Relay) message(m Message) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	if err := errors.Join(msg.From(r.From), msg.To(m.To...)); err != nil {
		return nil, &Refusal{Code: 553} // RFC 5321, 4.2.3: mailbox name not allowed
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("Content-Language", "fr, en")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	return msg, nil
}

// outcome tells a refusal from what may go better next time, and drops the words of the relay: they may hold the address. A refusal of the
// sender, of TLS or of the password is no fault of the message, and may be put right before it expires.
func outcome(err error) error {
	var e *mail.SendError
	if !errors.As(err, &e) {
		return errors.New("no conversation with the relay: " + kindOf(err))
	}
	switch {
	case e.ErrorCode() >= 500 && (e.Reason == mail.ErrSMTPRcptTo || e.Reason == mail.ErrSMTPData || e.Reason == mail.ErrSMTPDataClose):
		return &Refusal{Code: e.ErrorCode(), Enhanced: e.EnhancedStatusCode()}
	case e.ErrorCode() > 0:
		return fmt.Errorf("not taken by the relay: %d %s", e.ErrorCode(), e.EnhancedStatusCode())
	}
	return errors.New("the conversation with the relay broke off: " + e.Reason.String())
}

// kindOf is what went wrong, in words of ours.
func kindOf(err error) string {
	var network net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &cert):
		return "its certificate is not trusted"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "it does not answer in time"
	case errors.As(err, &network):
		return "it cannot be reached"
	}
	return "it offers no TLS, refuses the password, or does not speak SMTP"
}

// DomainOf is what stands right of @ in an address.
func DomainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return cmp.Or(domain, "localhost")
}
