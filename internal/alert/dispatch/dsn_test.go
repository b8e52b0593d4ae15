package dispatch

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"annuaire"
	"annuaire/internal/relay"
)

// report is a report of delivery as Postfix writes it.
func report(action, status, envid, messageID string) string {
	r := "From: MAILER-DAEMON@relay.example\r\nTo: " + sender + "\r\nSubject: Report\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n\r\n" +
		"--B\r\nContent-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n"
	if envid != "" {
		r += "Original-Envelope-Id: " + envid + "\r\n"
	}
	return r + "\r\nFinal-Recipient: rfc822; p@x.fr\r\nAction: " + action + "\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n" +
		"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" + messageID + ">\r\nSubject: x\r\n\r\n--B--\r\n"
}

func TestReadDSN(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       annuaire.AlertDelivery
		ok         bool
	}{
		{"a failure", report("failed", "5.1.1", "", "m@x"), annuaire.AlertDelivery{MessageID: "m@x", Status: "failed", Code: "5.1.1"}, true},
		{"a delivery, named by its envelope", report("delivered", "2.0.0", "a+2Bb@x", "other"), annuaire.AlertDelivery{MessageID: "a+b@x", Status: "delivered", Code: "2.0.0"}, true},
		{"a delay", report("delayed", "4.4.1 (x)", "", "m@x"), annuaire.AlertDelivery{MessageID: "m@x", Status: "delayed", Code: "4.4.1"}, true},
		{"a relayed message counts as delivered", report("relayed", "2.1.9", "", "m@x"), annuaire.AlertDelivery{MessageID: "m@x", Status: "delivered", Code: "2.1.9"}, true},
		{"an action that is none", report("exploded", "5.1.1", "", "m@x"), annuaire.AlertDelivery{}, false},
		{"an answer of a person", "From: a@b.fr\r\nSubject: Re\r\n\r\nMerci\r\n", annuaire.AlertDelivery{}, false},
		{"nothing", "", annuaire.AlertDelivery{}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := readDSN(strings.NewReader(tt.text))
			if (err == nil) != tt.ok || got != tt.want {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}

func FuzzReadDSN(f *testing.F) {
	f.Add(report("failed", "5.1.1", "x", "m@x"))
	f.Add("Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\n\r\n--B--")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := readDSN(strings.NewReader(s))
		if err == nil && (d.MessageID == "" || d.Status != "delivered" && d.Status != "failed" && d.Status != "delayed" || d.Code != "" && !relay.IsStatus(d.Code)) {
			t.Fatalf("%+v", d)
		}
	})
}

func FuzzReadLinkAndMessageID(f *testing.F) {
	s := signer{[]byte("0123456789abcdef0123456789abcdef"), "x.fr"}
	f.Add(s.link("2026-001", 5))
	f.Add(s.messageID("2026-001", 5, ""))
	f.Fuzz(func(t *testing.T, text string) {
		if n, ok := s.readLink("2026-001", text); ok && s.link("2026-001", n) != text {
			t.Fatalf("%q is taken for %d", text, n)
		}
		if n, ok := s.readMessageID("2026-001", text); ok && !strings.Contains(strings.ToLower(text), strings.Split(s.messageID("2026-001", n, ""), "@")[0]) && !strings.Contains(text, "0") {
			t.Fatalf("%q is taken for %d", text, n)
		}
	})
}

func TestReportsOverLMTP(t *testing.T) {
	box := newInbox(t)
	b := newBench(t, t.TempDir(), people{list: crowd(4)}, options(box))
	stop := b.run()
	a := b.approved(draft())
	await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
	stop()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	ctx := t.Context()
	go func() { done <- b.ServeLMTP(ctx, ln) }()
	c, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client := smtp.NewClientLMTP(c)
	defer client.Close()
	ids := box.got["p0000002@d02.formation.mssante.fr"]
	for _, text := range []string{report("failed", "5.1.1", "", ids[0]), report("delivered", "2.0.0", "", box.got["p0000001@d01.formation.mssante.fr"][0]),
		report("failed", "5.1.1", "", "2026-001.3.abcd@forged"), report("failed", "5.1.1", "", "2031-001.3.abcd@none"), "Subject: Re\r\n\r\nMerci\r\n"} {
		if err := client.Mail("", nil); err != nil {
			t.Fatal(err)
		}
		if err := client.Rcpt(sender, nil); err != nil {
			t.Fatal(err)
		}
		w, err := client.Data()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, text)
		if _, err := w.CloseWithLMTPResponse(); err != nil {
			t.Fatal(err)
		}
	}
	if c := b.counts(a.ID); c.Bounced != 1 || c.Delivered != 1 {
		t.Errorf("%+v", c)
	}
}
