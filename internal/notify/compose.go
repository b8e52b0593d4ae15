package notify

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/wneessen/go-mail"

	"annuaire/internal/relay"
)

// compose writes a message as a relay takes it: plain text with its headers, dots doubled. What sends itself says so (RFC 3834), so that
// absence messages do not answer.
func (r Relay) compose(m Message) ([]byte, error) {
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
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("a message that cannot be written: %w", err)
	}
	if !bytes.HasSuffix(b.Bytes(), []byte("\r\n")) {
		b.WriteString("\r\n")
	}
	return relay.Dotted(b.Bytes()), nil
}
