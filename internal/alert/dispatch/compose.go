package dispatch

import (
	"bytes"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/relay"
)

// template is a message of which only the recipient, the Message-ID and the link to acknowledge are missing. It is made once for an alert:
// encoding half a million bodies would take longer than handing them over. All of it is ready for SMTP: CRLF, quoted-printable, dots
// doubled.
type template struct {
	head  []byte   // header fields that all have
	parts [][]byte // the body, cut where the link stands
}

const boundary = "=_annuaire-alerte"

// compose makes the template of an alert; at is the Date of all its messages.
func (l Letterhead) compose(a annuaire.Alert, trial bool, at time.Time) *template {
	t := &template{}
	var h bytes.Buffer
	domain := annuaire.DomainOf(l.From)
	priority := "3"
	if a.Severity == annuaire.SeverityExtreme || a.Severity == annuaire.SeveritySevere {
		priority = "1"
	}
	for _, f := range [][2]string{
		{"From", folded((&mail.Address{Name: l.Issuer, Address: l.From}).String())}, {"Subject", folded(mime.QEncoding.Encode("utf-8", l.subject(a, trial)))}, {"Date", at.UTC().Format(time.RFC1123Z)},
		{"Auto-Submitted", "auto-generated"}, {"X-Priority", priority}, {"X-Alerte", a.ID}, {"List-Id", "<alertes." + domain + ">"},
		{"MIME-Version", "1.0"}, {"Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + "\""},
	} {
		h.WriteString(f[0] + ": " + f[1] + "\r\n")
	}
	t.head = h.Bytes()
	t.parts = append(t.parts, []byte("\r\n"))
	for _, p := range []struct{ media, body string }{{"text/plain", l.text(a, trial)}, {"text/html", l.html(a, trial)}} {
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

func (t *template) static(s string) {
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

// folded puts every encoded word of RFC 2047 on a line of its own.
func folded(s string) string { return strings.ReplaceAll(s, "?= =?", "?=\r\n =?") }

// write writes the message to one recipient, whose address was found usable. link is "" where the template has none.
func (t *template) write(w io.Writer, to, messageID, link string) error {
	pieces := [][]byte{t.head, []byte("To: <" + to + ">\r\nMessage-ID: <" + messageID + ">\r\n"), t.parts[0]}
	if len(t.parts) > 1 {
		mark := append(printable(link), "=\r\n"...)
		for _, p := range t.parts[1:] {
			pieces = append(pieces, mark, p)
		}
	}
	for _, p := range pieces {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return nil
}
