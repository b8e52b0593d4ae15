package main

import (
	"fmt"
	"net/url"
	"strings"
)

const anyHost = " HTTP/1.1\r\nHost: x\r\n"

// httpTricks are those of whoever speaks HTTP, or nearly.
var httpTricks = map[string]func(*stranger){
	"garbage":                   func(w *stranger) { w.say(w.octets(w.length(50_000))) },
	"garbage after a good line": func(w *stranger) { w.say("GET ", w.question(), anyHost, w.octets(w.length(50_000))) },
	"a request changed":         func(w *stranger) { w.say(w.changed("GET " + w.question() + anyHost + "Accept: text/html\r\n\r\n")) },
	"headers without end": func(w *stranger) {
		w.say("GET / HTTP/1.1\r\n")
		w.flood(func() string { return "X-" + w.word() + ": x\r\n" })
	},
	"one header without end": func(w *stranger) {
		w.say("GET / HTTP/1.1\r\nX: ")
		w.flood(func() string { return strings.Repeat("x", 1000) })
	},
	"a header octet by octet": func(w *stranger) {
		w.dribble("GET " + w.question() + anyHost + "X-Slow: " + strings.Repeat("slow", 200))
	},
	"a head without its end":     func(w *stranger) { w.say("GET ", w.question(), anyHost) },
	"a line without end":         func(w *stranger) { w.say("GET /"); w.flood(func() string { return strings.Repeat("a/", 500) }) },
	"a body larger than said":    func(w *stranger) { w.say(w.post("Content-Length: 10\r\n"), strings.Repeat("x", w.length(1<<20))) },
	"a body smaller than said":   func(w *stranger) { w.say(w.post("Content-Length: 5000\r\n"), `{"ids":["`) },
	"a body said to be of 8 EiB": func(w *stranger) { w.say(w.post("Content-Length: 9223372036854775807\r\n"), `{"ids":["`) },
	"a body without end": func(w *stranger) {
		w.say(w.post("Transfer-Encoding: chunked\r\n"))
		w.flood(func() string { return "400\r\n" + strings.Repeat(" ", 1024) + "\r\n" })
	},
	"a chunk that lies": func(w *stranger) {
		w.say(w.post("Transfer-Encoding: chunked\r\n"), pick(w.Rand, []string{"ffffffffffffffff", "7fffffffffffffff", "-1", "1;" + strings.Repeat("x", 9000), ""}), "\r\n", w.octets(100))
	},
	"two lengths": func(w *stranger) {
		w.say(w.post(pick(w.Rand, []string{"Content-Length: 3\r\nContent-Length: 9\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Length: +3\r\n", "Transfer-Encoding: gzip, chunked\r\n"})), "0\r\n\r\nGET / HTTP/1.1\r\n\r\n")
	},
	"a body nested without end": func(w *stranger) {
		deep := strings.Repeat(pick(w.Rand, []string{"[", `{"ids":`, `{"a":[`}), w.length(30_000))
		w.say(w.post(fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(deep))), deep)
	},
	"requests whose answers are not read": func(w *stranger) {
		for range 300 {
			if !w.say("GET ", w.question(), anyHost, "\r\n") {
				return
			}
		}
	},
	"an export that is not read": func(w *stranger) {
		w.say("GET /v1/export/", pick(w.Rand, []string{"professionals", "structures", "mailboxes"}), anyHost, w.known(), "\r\n")
		w.hear(w.length(100_000))
	},
	"a feed that is left": func(w *stranger) {
		w.say("GET /v1/changes?since=0", anyHost, w.known(), "Accept: text/event-stream\r\n\r\n")
		w.hear(w.length(10_000))
	},
	"parameters of every length": func(w *stranger) {
		w.say("GET /v1/professionals?", w.name(), "=", strings.Repeat(url.QueryEscape(w.word()), w.length(70_000)), anyHost, "\r\n")
		w.hear(5000)
	},
	"a great many parameters": func(w *stranger) {
		w.say("GET /v1/professionals?", strings.Repeat(w.name()+"=a&", w.length(3000)), anyHost, "\r\n")
		w.hear(5000)
	},
	"questions made up": func(w *stranger) { w.asked(w.question, w.known()) },
	"pages made up": func(w *stranger) {
		w.asked(func() string { return strings.Replace(w.question(), "/v1/professionals", "/", 1) }, "Accept: text/html\r\n")
	},
	"cursors made up": func(w *stranger) {
		w.asked(func() string {
			return "/v1/professionals?has_mailbox=true&limit=3&fields=id,family,mailboxes&cursor=" + w.cursor()
		}, "")
	},
	"secrets guessed": func(w *stranger) {
		w.asked(w.question, "Authorization: "+pick(w.Rand, []string{"Bearer ann_", "Basic ", "Bearer eyJhbGciOiJub25lIn0.", ""})+url.QueryEscape(w.octets(w.length(3000)))+"\r\n")
	},
	"headers that ask for much": func(w *stranger) {
		w.asked(w.question, "Range: bytes="+strings.Repeat("0-1,", 3000)+"\r\nAccept: "+strings.Repeat("a/b;q=0.1,", 500)+"\r\n")
	},
	"what is not for strangers": func(w *stranger) {
		w.say(pick(w.Rand, []string{"PUT", "DELETE", "PATCH", "POST", "TRACE", "CONNECT", "OPTIONS", "XYZZY"}), " ", w.place(), anyHost, "Content-Length: 2\r\n\r\n{}")
		w.hear(5000)
	},
	"another protocol": func(w *stranger) {
		w.say(pick(w.Rand, []string{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + w.octets(500), "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x00", "EHLO x\r\n"}))
		w.hear(5000)
	},
	"an upgrade that is not there": func(w *stranger) {
		w.say("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n", w.octets(500))
		w.hear(5000)
	},
}

// asked asks a few questions one after the other and reads a little of each answer.
func (w *stranger) asked(question func() string, headers string) {
	for range 1 + w.IntN(20) {
		if !w.say("GET ", question(), anyHost, headers, "\r\n") {
			return
		}
		w.hear(200)
	}
}

// known is the header of whoever has a token, of half of them.
func (w *stranger) known() string {
	return pick(w.Rand, []string{"", "Authorization: Bearer " + w.s.secret + "\r\n"})
}

// post is the head of a POST that anybody may send.
func (w *stranger) post(headers string) string {
	return "POST " + pick(w.Rand, []string{"/v1/professionals/lookup", "/v1/professionals/verify", "/v1/mailboxes/published", "/v1/mailboxes/batch", "/v1/audiences/preview"}) + anyHost + w.known() + headers + "\r\n"
}

// place is a route, or nearly.
func (w *stranger) place() string {
	return pick(w.Rand, []string{"/v1/professionals", "/v1/structures", "/v1/mailboxes", "/v1/suggest", "/v1/changes", "/v1/audit", "/v1/tokens", "/v1/sync/runs", "/v1/alerts", "/v1/me", "/metrics", "/", "*"}) +
		pick(w.Rand, []string{"", "", "/", "/899000000000", "/" + url.PathEscape(w.word()), "/%00", "/../../etc/passwd", strings.Repeat("/a", w.length(3000))})
}

// name is the name of a parameter.
func (w *stranger) name() string {
	return pick(w.Rand, []string{"q", "family", "given", "name", "profession", "specialty", "department", "city", "postal_code", "structure", "mailbox", "near", "radius", "limit", "cursor", "sort", "facets", "fields", "match", "id", "xyzzy"})
}

// word is a value: sensible, costly, or neither.
func (w *stranger) word() string {
	return pick(w.Rand, []string{"a", "martin", "*", "dr martin lyon", "10", "-1", "99999999999999999999", "name", "id,family", "\x00", "%", "\ufdfa", "é", "e\u0301\u0301\u0301", "😀", "médecin or not (", `"`, "45.75,4.85", "NaN,NaN", w.octets(w.length(200))})
}

// question is one about professionals.
func (w *stranger) question() string {
	var q []string
	for range w.IntN(6) {
		q = append(q, w.name()+"="+url.QueryEscape(w.word()))
	}
	if w.IntN(3) == 0 {
		q = append(q, "limit=200", "facets=profession,specialty,department,region,mode,sector,city")
	}
	return "/v1/professionals?" + strings.Join(q, "&")
}

// cursor is one of ours that was changed, or none.
func (w *stranger) cursor() string {
	if w.IntN(2) == 0 {
		return url.QueryEscape(w.octets(w.length(3000)))
	}
	return url.QueryEscape(w.changed(w.s.cursor))
}
