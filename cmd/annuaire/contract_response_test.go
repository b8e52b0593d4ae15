package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// response is an answer over HTTP.
type response struct {
	code   int
	header http.Header
	body   string
}

// says checks an answer: its status, and "path = value" of its JSON (valueAt); "path ~ text" is content with a part, "path !" with its absence.
func (r response) says(t *testing.T, code int, wants ...string) {
	t.Helper()
	if r.code != code {
		t.Fatalf("%d, want %d\n%s", r.code, code, r.body)
	}
	for _, w := range wants {
		path, mark, value := w, "", ""
		if m := regexp.MustCompile(`(?s)^(\S*) ([=~!]) ?(.*)$`).FindStringSubmatch(w); m != nil {
			path, mark, value = m[1], m[2], m[3]
		}
		got, there := valueAt(r.body, path)
		if mark == "=" && got != value || mark == "~" && !strings.Contains(got, value) || there == (mark == "!") {
			t.Errorf("%s: %q", w, got)
		}
	}
}

// valueAt is the value at a path of a JSON text, as JSON, a string without its quotes: "items.0.family"; "#" is how many, "*" all of a list, "" the text itself.
func valueAt(text, path string) (value string, there bool) {
	if path == "" {
		return text, true
	}
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return "no JSON: " + text, true
	}
	return within(v, strings.Split(path, "."))
}

func within(v any, path []string) (string, bool) {
	if len(path) == 0 {
		if s, ok := v.(string); ok {
			return s, true
		}
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		_ = e.Encode(v) // it came out of JSON
		return strings.TrimSpace(b.String()), true
	}
	switch v := v.(type) {
	case map[string]any:
		next, ok := v[path[0]]
		if !ok {
			return "", false
		}
		return within(next, path[1:])
	case []any:
		if path[0] == "#" {
			return strconv.Itoa(len(v)), true
		}
		if path[0] == "*" {
			var all []string
			for _, x := range v {
				s, _ := within(x, path[1:])
				all = append(all, s)
			}
			return strings.Join(all, " "), true
		}
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			return within(v[i], path[1:])
		}
	}
	return "", false
}

// sorted puts the words of a text in the order of the alphabet.
func sorted(s string) string {
	words := strings.Fields(s)
	slices.Sort(words)
	return strings.Join(words, " ")
}
