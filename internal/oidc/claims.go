package oidc

import (
	"encoding/json"
	"math"
	"time"
)

// claims are those of a token, or what an issuer answers about one.
type claims map[string]any

// text is a claim that is a string, else "".
func (c claims) text(name string) string {
	s, _ := c[name].(string)
	return s
}

// list is a claim that is a string or a list of strings (RFC 7519, 4.1.3).
func (c claims) list(name string) (out []string) {
	switch v := c[name].(type) {
	case string:
		out = []string{v}
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// moment is a claim that is a time (RFC 7519, 2: NumericDate). ok is false for one that is there and is none, or is far out.
func (c claims) moment(name string) (t time.Time, there, ok bool) {
	v, there := c[name]
	if !there || v == nil {
		return t, false, true
	}
	n, isNumber := v.(float64)
	if !isNumber || math.IsNaN(n) || n < 0 || n > 1<<40 {
		return t, true, false
	}
	return time.Unix(int64(n), 0), true, true
}

// first is the first of some claims that is there, and not empty.
func (c claims) first(names []string) string {
	for _, name := range names {
		if s := c.text(name); s != "" {
			return s
		}
	}
	return ""
}

func parseClaims(b []byte) (claims, bool) {
	var c claims
	if json.Unmarshal(b, &c) != nil || c == nil {
		return nil, false
	}
	return c, true
}
