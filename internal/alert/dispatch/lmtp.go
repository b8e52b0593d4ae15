package dispatch

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"annuaire"
)

// ServeLMTP takes reports of delivery on ln until ctx ends: the mail system delivers to it what comes for the sender's address. Whatever is
// no report, or of no message of ours, is taken and thrown away: answers to alerts are not read.
func (d *Desk) ServeLMTP(ctx context.Context, ln net.Listener) error {
	s := smtp.NewServer(letterbox{d})
	s.LMTP, s.Domain = true, "localhost"
	s.MaxMessageBytes, s.MaxRecipients, s.MaxLineLength = maxDSN, 5, 4000
	s.ReadTimeout, s.WriteTimeout = time.Minute, time.Minute
	s.ErrorLog = log.New(io.Discard, "", 0) // it may name an address
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(ln); ctx.Err() == nil && !errors.Is(err, smtp.ErrServerClosed) {
		return err
	}
	return nil
}

type letterbox struct{ d *Desk }

func (l letterbox) NewSession(*smtp.Conn) (smtp.Session, error) { return letter(l), nil }

type letter struct{ d *Desk }

func (letter) Reset()                               {}
func (letter) Logout() error                        { return nil }
func (letter) Mail(string, *smtp.MailOptions) error { return nil }
func (letter) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (l letter) Data(r io.Reader) error {
	it, err := readDSN(r)
	if _, drain := io.Copy(io.Discard, r); drain != nil {
		return drain
	}
	if err != nil {
		return nil
	}
	id, _, _ := strings.Cut(it.MessageID, ".")
	if tableKey(id) == "" {
		return nil
	}
	if _, _, err := l.d.deliver(id, []annuaire.AlertDelivery{it}); err != nil && annuaire.CodeOf(err) != annuaire.CodeNotFound {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again"}
	}
	return nil
}
