package relay

import (
	"bufio"
	"bytes"
	"io"
	"net/textproto"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"
)

func TestASCII(t *testing.T) {
	for in, want := range map[string]string{
		"a@exemple.fr":     "a@exemple.fr",
		"a@hôpital.fr":     "a@xn--hpital-ixa.fr",
		"é@exemple.fr":     "é@exemple.fr", // what cannot be said stays as it is, and is refused
		"a@exemple.fr\r\n": "a@exemple.fr\r\n",
		"é":                "é",
	} {
		if got := ascii(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDomainsWithAccents(t *testing.T) {
	s := &sink{}
	k, err := Dial(t.Context(), Relay{Addr: serve(t, s, nil), Security: Plain})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if r, err := k.Send(Envelope{From: "alertes@hôpital.fr", To: "zoé@hôpital.fr"}, text("x\r\n")); err == nil {
		t.Error("said", r)
	}
	if r, err := k.Send(Envelope{From: "alertes@hôpital.fr", To: "zoe@hôpital.fr"}, text("x\r\n")); err != nil || !r.Accepted() || s.rcpts[0] != "zoe@xn--hpital-ixa.fr" {
		t.Error(r, err, s.rcpts)
	}
}

// TestDotted: what a server reads of a text that was dotted is the text.
func TestDotted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[.a]{0,4}`), 1, 6).Draw(t, "lines")
		said := strings.Join(lines, "\r\n") + "\r\n"
		sent := string(Dotted([]byte(said))) + ".\r\n"
		got, err := io.ReadAll(textproto.NewReader(bufio.NewReader(bytes.NewReader([]byte(sent)))).DotReader())
		if err != nil || string(got) != strings.Join(lines, "\n")+"\n" {
			t.Fatalf("%q is read as %q: %v", said, got, err)
		}
	})
}

// refusing answers MAIL FROM as it is told.
type refusing struct{ session }

func (refusing) Mail(string, *smtp.MailOptions) error {
	return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not yours"}
}

func TestRetryClass(t *testing.T) {
	addr := serveAs(t, smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &refusing{session{s: &sink{}}}, nil }))
	k, err := Dial(t.Context(), Relay{Addr: addr, Security: Plain})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	r, err := k.Send(Envelope{From: from, To: "a@x.fr"}, text("x\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a refusal of the sender is not one of the message", func(t *testing.T) {
		if r.Code != 553 || !r.OfSender || r.Permanent() || r.Accepted() {
			t.Errorf("%+v", r)
		}
	})
	for r, want := range map[Reply][2]bool{{Code: 250}: {true, false}, {Code: 452}: {false, false}, {Code: 550}: {false, true}, {Code: 354}: {false, false}, {Code: 550, OfSender: true}: {false, false}} {
		if r.Accepted() != want[0] || r.Permanent() != want[1] {
			t.Errorf("%+v: accepted %v, permanent %v", r, r.Accepted(), r.Permanent())
		}
	}
}
