package relay

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// ErrUncertain wraps the error of a connection that broke after the message had been sent whole: the relay may have taken it.
var ErrUncertain = errors.New("relay: no answer to a whole message")

// Send hands one message over. body writes it: CRLF lines, dots doubled (Dotted), ending in CRLF, without the final dot. The error is that of the
// connection, which is of no use any more; the answers 421 end it too (Reply is then good).
func (k *Conn) Send(e Envelope, body func(io.Writer) error) (r Reply, err error) {
	e.From, e.To = ascii(e.From), ascii(e.To)
	if !usable(e.From) || !usable(e.To) || strings.ContainsAny(e.ID, "\r\n <>") {
		return r, ErrAddress
	}
	_ = k.conn.SetDeadline(time.Now().Add(timeout))
	r, err = k.envelope(e)
	if err != nil || r.Code != 354 {
		return r, err
	}
	if err := body(k.text.W); err != nil {
		return Reply{}, err
	}
	if _, err := k.text.W.WriteString(".\r\n"); err != nil {
		return Reply{}, err
	}
	if err := k.text.W.Flush(); err != nil {
		return Reply{}, errors.Join(ErrUncertain, err)
	}
	if r, err = k.answer(); err != nil {
		return r, errors.Join(ErrUncertain, err)
	}
	k.Sent++
	return r, nil
}

// envelope says who writes to whom. The Reply is the first that refuses, else 354.
func (k *Conn) envelope(e Envelope) (Reply, error) {
	mail, rcpt := "MAIL FROM:<"+e.From+">", "RCPT TO:<"+e.To+">"
	if k.dsn {
		mail += " RET=HDRS"
		if e.ID != "" {
			mail += " ENVID=" + xtext(e.ID)
		}
		rcpt += " NOTIFY=SUCCESS,FAILURE"
	}
	lines := []string{mail, rcpt, "DATA"}
	var first Reply
	if k.pipeline {
		for _, l := range lines {
			if _, err := fmt.Fprint(k.text.W, l, "\r\n"); err != nil {
				return Reply{}, err
			}
		}
		if err := k.text.W.Flush(); err != nil {
			return Reply{}, err
		}
	}
	for _, l := range lines {
		if !k.pipeline {
			if err := k.text.PrintfLine("%s", l); err != nil {
				return Reply{}, err
			}
		}
		r, err := k.answer()
		if err != nil {
			if first.Code != 0 { // it refused, then went away: that is an answer all the same
				return first, nil
			}
			return r, err
		}
		if r.Code/100 == 2 || r.Code == 354 {
			if l == "DATA" && first.Code == 0 {
				return r, nil
			}
			if l == "DATA" { // takes data without a recipient (RFC 2920, 3.1): an empty message, which it must refuse
				if err := k.text.PrintfLine("."); err != nil {
					return first, nil
				}
				_, _ = k.answer() // whatever it says: there was nobody to write to
			}
			continue
		}
		if first.Code == 0 {
			first = r
			first.OfSender = l == mail
		}
		if !k.pipeline {
			break
		}
	}
	return first, k.reset()
}

// reset forgets the envelope that was refused.
func (k *Conn) reset() error {
	if err := k.text.PrintfLine("RSET"); err != nil {
		return nil // the refusal stands; the next message finds the connection broken
	}
	_, _ = k.answer()
	return nil
}

// xtext writes a value as RFC 3461, 4 asks.
func xtext(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c > ' ' && c < 0x7f && c != '+' && c != '=' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "+%02X", c)
		}
	}
	return b.String()
}
