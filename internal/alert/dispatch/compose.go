package dispatch

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/relay"
)

// Template is a message of which only the recipient, the Message-ID and the link to acknowledge are missing. It is made once for an alert:
// encoding half a million bodies would take longer than handing them over. All of it is ready for SMTP: CRLF, quoted-printable, dots
// doubled.
type Template struct {
	head  []byte   // header fields that all have
	parts [][]byte // the body, cut where the link stands
}

const boundary = "=_annuaire-alerte"

// Compose makes the template of an alert; at is the Date of all its messages.
func (l Letterhead) Compose(a annuaire.Alert, trial bool, at time.Time) *Template {
	t := &Template{}
	var h bytes.Buffer
	domain := annuaire.DomainOf(l.From)
	priority := "3"
	if a.Severity == annuaire.SeverityExtreme || a.Severity == annuaire.SeveritySevere {
		priority = "1"
	}
	for _, f := range [][2]string{
		{"From", encoded(l.Issuer) + " <" + l.From + ">"}, {"Subject", encoded(l.Subject(a, trial))}, {"Date", at.UTC().Format(time.RFC1123Z)},
		{"Auto-Submitted", "auto-generated"}, {"X-Priority", priority}, {"X-Alerte", a.ID}, {"List-Id", "<alertes." + domain + ">"},
		{"MIME-Version", "1.0"}, {"Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\""},
	} {
		h.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	t.head = h.Bytes()
	t.parts = append(t.parts, []byte("\r\n"))
	for _, p := range []struct{ media, body string }{{"text/plain", l.Text(a, trial)}, {"text/html", l.HTML(a, trial)}} {
		t.static("--" + boundary + "\r\nContent-Type: " + p.media + "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
		for i, piece := range strings.Split(p.body, linkMark) {
			if i > 0 {
				t.static("=\r\n") // a soft break, on both sides of the link: whatever its length, lines stay short
				t.parts = append(t.parts, nil)
			}
			t.static(string(printable(piece)))
		}
		t.static("\r\n")
	}
	t.static("--" + boundary + "--\r\n")
	return t
}

func (t *Template) static(s string) {
	last := len(t.parts) - 1
	t.parts[last] = append(t.parts[last], s...)
}

// printable is quoted-printable with doubled dots. Its last line is left open.
func printable(s string) []byte {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = io.WriteString(w, s) // a buffer takes everything
	_ = w.Close()
	return relay.Dotted(b.Bytes())
}

// encoded writes a value of a header field as RFC 2047 asks, folded.
func encoded(s string) string {
	s = strings.Map(func(r rune) rune { // checked long before: the last lock
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	e := mime.QEncoding.Encode("utf-8", s)
	if e == s {
		if strings.ContainsAny(s, `"(),:;<>@[]\.`) {
			e = "=?utf-8?q?" + qword(s) + "?="
		}
		return e
	}
	return strings.ReplaceAll(e, "?= =?", "?=\r\n =?")
}

// qword encodes every sign but letters and digits, for ASCII that would mean something in an address.
func qword(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('_')
		default:
			b.WriteString("=" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return b.String()
}

// Write writes the message to one recipient, whose address was found usable. link is "" where the template has none.
func (t *Template) Write(w io.Writer, to, messageID, link string) error {
	var b bytes.Buffer
	b.Grow(len(to) + len(messageID) + 32)
	b.WriteString("To: <" + to + ">\r\nMessage-ID: <" + messageID + ">\r\n")
	if _, err := w.Write(t.head); err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return err
	}
	var mark []byte
	if len(t.parts) > 1 {
		mark = append(printable(link), "=\r\n"...)
	}
	for i, p := range t.parts {
		if i > 0 {
			if _, err := w.Write(mark); err != nil {
				return err
			}
		}
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}
