package relay

import (
	"net/textproto"
	"strings"
)

// maxAnswer bounds the lines of one answer.
const maxAnswer = 50

// answer reads one answer, of several lines perhaps.
func (k *Conn) answer() (r Reply, err error) {
	for range maxAnswer {
		line, err := k.text.ReadLine()
		if err != nil {
			return Reply{}, err
		}
		code, more, text, err := parse(line)
		if err != nil {
			return Reply{}, err
		}
		r = Reply{Code: code, Enhanced: enhanced(code, text)}
		if !more {
			return r, nil
		}
	}
	return Reply{}, textproto.ProtocolError("answer without end")
}

func parse(line string) (code int, more bool, text string, err error) {
	if len(line) < 3 || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0, false, "", textproto.ProtocolError("not an answer")
	}
	for i := range 3 {
		if line[i] < '0' || line[i] > '9' {
			return 0, false, "", textproto.ProtocolError("not an answer")
		}
		code = code*10 + int(line[i]-'0')
	}
	if code < 200 || code > 599 {
		return 0, false, "", textproto.ProtocolError("not an answer")
	}
	if len(line) > 4 {
		text = line[4:]
	}
	return code, len(line) > 3 && line[3] == '-', text, nil
}

// enhanced returns the status code that begins a text (RFC 2034), if it is of the class of the answer.
func enhanced(code int, text string) string {
	word, _, _ := strings.Cut(text, " ")
	parts := strings.Split(word, ".")
	if len(parts) != 3 || len(parts[0]) != 1 || int(parts[0][0]-'0') != code/100 {
		return ""
	}
	for _, p := range parts[1:] {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return ""
		}
	}
	return word
}

// Reply is what the relay said of a message in the end. The text of an answer, which may name an address, is not kept.
type Reply struct {
	Code     int
	Enhanced string // RFC 3463, "" when there is none
	OfSender bool   // it refused who writes (MAIL FROM), whatever is written to whom
}

// Accepted reports whether the relay has taken the message over.
func (r Reply) Accepted() bool { return r.Code/100 == 2 }

// Permanent reports whether trying again is useless. A refusal of the sender is no fault of the message, and may be put right before it is
// too late: the whitelist of a relay, the domain that one writes from.
func (r Reply) Permanent() bool { return r.Code/100 == 5 && !r.OfSender }
