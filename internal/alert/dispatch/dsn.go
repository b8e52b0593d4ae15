package dispatch

import (
	"bufio"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"annuaire"
	"annuaire/internal/relay"
)

// maxDSN bounds a report of delivery, in bytes: one quotes the header of a message, or a message.
const maxDSN = 1 << 20

var errNoDSN = errors.New("alert: not a report of delivery")

// readDSN reads a report of delivery (RFC 3464): which message, what became of it. A report on several recipients is one on ours: each of our
// messages has one.
func readDSN(r io.Reader) (annuaire.AlertDelivery, error) {
	m, err := mail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxDSN)))
	if err != nil {
		return annuaire.AlertDelivery{}, errNoDSN
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/report" || params["boundary"] == "" {
		return annuaire.AlertDelivery{}, errNoDSN
	}
	var d annuaire.AlertDelivery
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range 10 {
		p, err := parts.NextRawPart()
		if err != nil {
			break
		}
		switch media, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); media {
		case "message/delivery-status", "message/global-delivery-status":
			readStatus(p, &d)
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			h, _ := textproto.NewReader(bufio.NewReader(p)).ReadMIMEHeader() // what could be read is good
			if id := h.Get("Message-Id"); id != "" && d.MessageID == "" {
				d.MessageID = strings.Trim(strings.TrimSpace(id), "<>")
			}
		}
	}
	if d.MessageID == "" || d.Status == "" {
		return annuaire.AlertDelivery{}, errNoDSN
	}
	return d, nil
}

// readStatus reads the fields of a report: first those of the message, then those of each recipient.
func readStatus(r io.Reader, d *annuaire.AlertDelivery) {
	t := textproto.NewReader(bufio.NewReader(r))
	for range 20 {
		h, err := t.ReadMIMEHeader()
		if id := h.Get("Original-Envelope-Id"); id != "" {
			d.MessageID = unxtext(id)
		}
		switch strings.ToLower(strings.TrimSpace(h.Get("Action"))) {
		case "delivered", "relayed", "expanded":
			d.Status = "delivered"
		case "failed":
			d.Status = "failed"
		case "delayed":
			d.Status = "delayed"
		}
		if code, _, _ := strings.Cut(strings.TrimSpace(h.Get("Status")), " "); relay.IsStatus(code) {
			d.Code = code
		}
		if err != nil {
			return
		}
	}
}

var hexchar = regexp.MustCompile(`\+[0-9A-Fa-f]{2}`)

// unxtext undoes xtext (RFC 3461, 4).
func unxtext(s string) string {
	return hexchar.ReplaceAllStringFunc(s, func(x string) string {
		b, _ := hex.DecodeString(x[1:])
		return string(b)
	})
}
