package match

import (
	"bytes"
	"encoding/hex"
	"time"
)

// maxDigits bounds an integer: far beyond any that a directory holds.
const maxDigits = 60

// Integer appends the form of an integer, in the order of numbers. It is false for what is none (RFC 4517, 3.3.16).
func Integer(dst, s []byte) (out []byte, ok bool) {
	negative := len(s) > 0 && s[0] == '-'
	digits := s
	if negative {
		digits = s[1:]
	}
	if len(digits) == 0 || len(digits) > maxDigits || digits[0] == '0' && len(s) > 1 {
		return dst, false
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return dst, false
		}
	}
	if !negative {
		return append(append(dst, 1, byte(len(digits))), digits...), true
	}
	dst = append(dst, 0, ^byte(len(digits)))
	for _, c := range digits {
		dst = append(dst, ^c)
	}
	return dst, true
}

// Time appends the form of a generalized time, in the order of times, in UTC. It is false for what is none (RFC 4517, 3.3.13).
func Time(dst, s []byte) (out []byte, ok bool) {
	t, ok := generalizedTime(s)
	if !ok {
		return dst, false
	}
	return t.UTC().AppendFormat(dst, "20060102150405.000000000"), true
}

// generalizedTime reads YYYYMMDDHH[MM[SS]][.fraction](Z or an offset). The fraction is one of the last unit that is there.
func generalizedTime(s []byte) (t time.Time, ok bool) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n != 10 && n != 12 && n != 14 {
		return t, false
	}
	unit := map[int]time.Duration{10: time.Hour, 12: time.Minute, 14: time.Second}[n]
	t, err := time.Parse("20060102150405"[:n], string(leapless(s[:n])))
	if err != nil {
		return t, false
	}
	if n == 14 && string(s[12:14]) == "60" { // a leap second is the one after it
		t = t.Add(time.Second)
	}
	if s = s[n:]; len(s) > 0 && (s[0] == '.' || s[0] == ',') {
		f := 1
		for scale := unit / 10; f < len(s) && s[f] >= '0' && s[f] <= '9'; scale /= 10 {
			t = t.Add(scale * time.Duration(s[f]-'0'))
			f++
		}
		if f == 1 {
			return t, false
		}
		s = s[f:]
	}
	offset, ok := zone(s)
	return t.Add(-offset), ok
}

// leapless replaces a sixtieth second, which time.Parse does not know, by the one before.
func leapless(s []byte) []byte {
	if len(s) == 14 && string(s[12:]) == "60" {
		return append(bytes.Clone(s[:12]), "59"...)
	}
	return s
}

func zone(s []byte) (offset time.Duration, ok bool) {
	if string(s) == "Z" {
		return 0, true
	}
	if len(s) != 3 && len(s) != 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	t, err := time.Parse("1504"[:len(s)-1], string(s[1:]))
	if err != nil {
		return 0, false
	}
	offset = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// UUID appends the sixteen octets of a UUID. It is false for what is none (RFC 4530, 2.1).
func UUID(dst, s []byte) (out []byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return dst, false
	}
	var digits [32]byte
	d := append(append(append(append(append(digits[:0], s[:8]...), s[9:13]...), s[14:18]...), s[19:23]...), s[24:]...)
	out, err := hex.AppendDecode(dst, d)
	return out, err == nil
}
