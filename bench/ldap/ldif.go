package main

import (
	"bufio"
	"encoding/base64"
	"strings"
)

// writeLDIF writes an entry as slapadd reads it (RFC 2849). Of values that are the same but for case and spaces, which slapd takes for
// one, the first is written: dropped is how many were not.
func writeLDIF(w *bufio.Writer, e entry) (dropped int, err error) {
	writeLine(w, "dn", e.dn)
	for _, a := range e.attrs {
		seen := make(map[string]bool, len(a.values))
		for _, v := range a.values {
			same := strings.ToLower(strings.Join(strings.Fields(v), " "))
			if seen[same] {
				dropped++
				continue
			}
			seen[same] = true
			writeLine(w, a.name, v)
		}
	}
	return dropped, w.WriteByte('\n') // the error of any earlier write comes again
}

// writeLine writes a value as it is where it may stand so, else in base64. Lines are not folded: slapadd takes them of any length.
func writeLine(w *bufio.Writer, name, v string) {
	_, _ = w.WriteString(name)
	if safe(v) {
		_, _ = w.WriteString(": ")
		_, _ = w.WriteString(v)
	} else {
		_, _ = w.WriteString(":: ")
		_, _ = w.WriteString(base64.StdEncoding.EncodeToString([]byte(v)))
	}
	_ = w.WriteByte('\n')
}

// safe reports a SAFE-STRING that does not end in a space (RFC 2849, notes 4 and 8).
func safe(v string) bool {
	if v == "" {
		return true
	}
	if v[0] == ' ' || v[0] == ':' || v[0] == '<' || v[len(v)-1] == ' ' {
		return false
	}
	for i := range len(v) {
		if c := v[i]; c == 0 || c == '\n' || c == '\r' || c >= 0x80 {
			return false
		}
	}
	return true
}
