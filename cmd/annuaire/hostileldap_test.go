package main

import "strings"

// element is one of BER; its length takes four octets, as Windows writes it.
func element(tag byte, content ...string) string {
	all := strings.Join(content, "")
	return string([]byte{tag, 0x84}) + fourOctets(uint32(len(all))) + all
}

func fourOctets(n uint32) string {
	return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func integerOf(tag byte, n uint32) string {
	return element(tag, fourOctets(n))
}

// message is an LDAP message.
func message(id uint32, op string, controls ...string) string {
	if len(controls) > 0 {
		op += element(0xa0, controls...)
	}
	return element(0x30, integerOf(2, id), op)
}

func searchBy(id uint32, filter string, controls ...string) string {
	return message(id, element(0x63, element(4, mailboxes), "\x0a\x01\x02\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00", filter, element(0x30)), controls...)
}

func bindAs(id uint32, name, secret string) string {
	return message(id, element(0x60, "\x02\x01\x03", element(4, name), element(0x80, secret)))
}

func extend(id uint32, oid, value string) string {
	return message(id, element(0x77, element(0x80, oid), element(0x81, value)))
}

func controlled(oid, value string) string {
	return element(0x30, element(4, oid), "\x01\x01\xff", element(4, value))
}

const (
	everything = "\x87\x0bobjectClass"
	startTLS   = "1.3.6.1.4.1.1466.20037"
)

// ldapTricks are those of whoever speaks LDAP, or nearly.
var ldapTricks = map[string]func(*stranger){
	"octets":              func(w *stranger) { w.say(w.octets(w.length(50_000))) },
	"HTTP":                func(w *stranger) { w.say("GET / HTTP/1.1\r\n\r\n"); w.hear(5000) },
	"a message cut short": func(w *stranger) { m := searchBy(1, w.filter()); w.say(m[:w.IntN(len(m))]) },
	"a message changed":   func(w *stranger) { w.say(w.changed(searchBy(1, w.filter())), searchBy(2, everything)); w.hear(5000) },
	"octet by octet": func(w *stranger) {
		w.dribble(searchBy(1, element(0xa3, element(4, "cn"), element(4, strings.Repeat("slow", 300)))))
	},
	"a message of 4 GiB": func(w *stranger) {
		w.say("\x30\x84\xff\xff\xff\xff\x02\x01\x01\x63")
		w.flood(func() string { return strings.Repeat("x", 1000) })
	},
	"a message of 2 GiB": func(w *stranger) {
		w.say("\x30\x84\x7f\xff\xff\xf0\x02\x01\x01\x63")
		w.flood(func() string { return strings.Repeat("x", 1000) })
	},
	"a length inside": func(w *stranger) {
		w.say(element(0x30, "\x02\x01\x01", "\x63\x84", w.octets(4), strings.Repeat("x", w.length(60_000))))
	},
	"lengths of lengths":   func(w *stranger) { w.say("\x30", string([]byte{byte(0x80 + w.IntN(128))}), w.octets(w.length(200))) },
	"an indefinite length": func(w *stranger) { w.say("\x30\x80\x02\x01\x01"); w.flood(func() string { return "\x30\x80" }) },
	"a filter deeper than may be": func(w *stranger) {
		f := everything
		for range w.length(2000) {
			f = element(pick(w.Rand, []byte{0xa0, 0xa1, 0xa2}), f)
		}
		w.say(searchBy(1, f))
		w.hear(5000)
	},
	"a filter wider than may be": func(w *stranger) {
		var parts []string
		for range w.length(900) {
			parts = append(parts, w.filter())
		}
		w.say(searchBy(1, element(pick(w.Rand, []byte{0xa0, 0xa1}), parts...)))
		w.hear(5000)
	},
	"a value in parts": func(w *stranger) {
		w.say(searchBy(1, element(0xa4, element(4, "cn"), element(0x30, strings.Repeat(element(0x81, w.word()), w.length(3000))))))
		w.hear(5000)
	},
	"values that grow": func(w *stranger) {
		w.say(searchBy(1, element(0xa3, element(4, "cn"), element(4, strings.Repeat("\ufdfa", w.length(20_000))))))
		w.hear(5000)
	},
	"names of a great many parts": func(w *stranger) {
		w.say(message(1, element(0x63, element(4, strings.Repeat(pick(w.Rand, []string{"a=,", "cn=a,", `\`, "+"}), w.length(9000))))))
	},
	"searches that are not read": func(w *stranger) {
		for id := range uint32(3000) {
			if !w.say(searchBy(id+1, w.filter())) {
				return
			}
		}
	},
	"abandon of everything": func(w *stranger) {
		for id := range uint32(200) {
			if !w.say(searchBy(3*id+1, w.filter()), message(3*id+2, integerOf(0x50, 3*id+1)), extend(3*id+3, "1.3.6.1.1.8", element(0x30, integerOf(2, w.Uint32N(600))))) {
				return
			}
		}
		w.hear(5000)
	},
	"unbind in the middle": func(w *stranger) {
		w.say(strings.Repeat(searchBy(1, everything), 5), message(2, "\x42\x00"), searchBy(3, everything))
	},
	"one number for all":   func(w *stranger) { w.say(strings.Repeat(searchBy(w.Uint32(), w.filter()), 20)); w.hear(20_000) },
	"StartTLS and nothing": func(w *stranger) { w.say(extend(1, startTLS, "")); w.hear(50) },
	"StartTLS and more": func(w *stranger) {
		w.say(extend(1, startTLS, ""), pick(w.Rand, []string{searchBy(2, everything), extend(2, startTLS, ""), "\x16\x03\x01\x02\x00\x01", w.octets(500)}))
		w.hear(500)
	},
	"StartTLS in the middle": func(w *stranger) {
		w.say(strings.Repeat(searchBy(1, everything), 5), extend(2, startTLS, ""), w.octets(100))
	},
	"StartTLS and a trick of TLS": func(w *stranger) {
		w.say(extend(1, startTLS, ""))
		w.hear(40)
		tlsTricks["half a handshake"](w)
	},
	"cookies made up": func(w *stranger) {
		for id := range uint32(10) {
			w.say(searchBy(id+1, everything, controlled("1.2.840.113556.1.4.319", element(0x30, integerOf(2, pick(w.Rand, []uint32{0, 1, 100, 1 << 31, 1<<31 - 1})), element(4, w.octets(w.IntN(200)))))))
		}
		w.hear(20_000)
	},
	"pages that are not read": func(w *stranger) {
		for id := range uint32(50) {
			w.say(searchBy(id+1, everything, controlled("1.2.840.113556.1.4.319", element(0x30, integerOf(2, 1000), element(4)))))
		}
	},
	"everything in order": func(w *stranger) {
		for id := range uint32(20) {
			w.say(searchBy(id+1, w.filter(), controlled("1.2.840.113556.1.4.473", element(0x30, strings.Repeat(element(0x30, element(4, pick(w.Rand, []string{"cn", "sn", "mail", "xyzzy"}))), w.length(30))))))
		}
		w.hear(20_000)
	},
	"controls": func(w *stranger) {
		w.say(searchBy(1, everything, strings.Repeat(controlled("1.2."+w.word(), w.octets(9)), w.length(900))))
		w.hear(5000)
	},
	"binds in a loop": func(w *stranger) {
		for id := range uint32(100) {
			if !w.say(bindAs(id+1, pick(w.Rand, []string{"", "cn=mail", w.octets(w.length(2000))}), w.octets(w.length(200)))) {
				return
			}
		}
		w.hear(5000)
	},
	"mechanisms made up": func(w *stranger) {
		w.say(message(1, element(0x60, "\x02\x01\x03", element(4), element(0xa3, element(4, pick(w.Rand, []string{"EXTERNAL", "PLAIN", "GSSAPI", w.word()})), element(4, w.octets(w.length(2000)))))))
		w.hear(5000)
	},
	"operations made up": func(w *stranger) {
		for id := range uint32(20) {
			w.say(message(id, element(byte(0x40+w.IntN(0x40)), w.octets(w.length(300)))))
		}
		w.hear(5000)
	},
	"extensions made up": func(w *stranger) {
		w.say(extend(1, pick(w.Rand, []string{"1.3.6.1.1.8", "1.3.6.1.4.1.4203.1.11.1", "1.3.6.1.4.1.4203.1.11.3", w.word()}), w.octets(w.length(3000))))
		w.hear(5000)
	},
}

// filter is any that is well formed.
func (w *stranger) filter() string {
	attr := element(4, pick(w.Rand, []string{"cn", "sn", "mail", "givenName", "l", "codeProfession", "objectClass", "xyzzy", "cn;lang-fr", "2.5.4.3", w.word()}))
	switch w.IntN(6) {
	case 0:
		return everything
	case 1:
		return element(0xa3, attr, element(4, w.word()))
	case 2:
		return element(0xa4, attr, element(0x30, element(byte(0x80+w.IntN(3)), w.word())))
	case 3:
		return element(pick(w.Rand, []byte{0xa5, 0xa6, 0xa8}), attr, element(4, w.word()))
	case 4:
		return element(0xa2, w.filter())
	default:
		return element(0xa9, element(0x81, w.word()), element(0x83, w.word()))
	}
}
