package relay

import (
	"net/textproto"
	"regexp"
	"strconv"
	"strings"
)

// maxAnswer bounds the lines of one answer.
const maxAnswer = 50

// answer reads one answer, of several lines perhaps.
func (k *Conn) answer() (r Reply, err error) {
	for range maxAnswer {
		s, err := k.text.ReadLine()
		if err != nil {
			return Reply{}, err
		}
		code, more, text, err := parse(s)
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

// line is one of an answer: code, sign of more lines, text (RFC 5321, 4.2).
var line = regexp.MustCompile(`^([2-5][0-9][0-9])(?:([ -])(.*))?$`)

func parse(s string) (code int, more bool, text string, err error) {
	m := line.FindStringSubmatch(s)
	if m == nil {
		return 0, false, "", textproto.ProtocolError("not an answer")
	}
	code, err = strconv.Atoi(m[1])
	return code, m[2] == "-", m[3], err
}

// enhanced returns the status code that begins a text (RFC 2034), if it is of the class of the answer.
func enhanced(code int, text string) string {
	word, _, _ := strings.Cut(text, " ")
	if !IsStatus(word) || int(word[0]-'0') != code/100 {
		return ""
	}
	return word
}

var status = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`)

// IsStatus reports whether s is a status code of RFC 3463: "5.1.1".
func IsStatus(s string) bool { return status.MatchString(s) }

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
