package main

import (
	"io"
	"strings"
	"testing"
)

func TestOptions(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing said":             {nil, "go run ./bench/ldap -people 2000000"},
		"folders change no figure": {[]string{"-people", "50000", "-out", "x", "-tmp", "y", "-doc", ""}, "go run ./bench/ldap -people 50000"},
		"everything said": {[]string{"-conns", "64, 2", "-rounds", "1", "-time", "500ms", "-only", "Postfix", "-skip-peer", "-wide-index"},
			`go run ./bench/ldap -people 2000000 -conns 2,64 -rounds 1 -time 500ms -only "Postfix" -skip-peer -wide-index`},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := parseOptions(c.args, io.Discard)
			if err != nil || o.command() != c.want {
				t.Errorf("%q, %v", o.command(), err)
			}
		})
	}
	for name, args := range map[string][]string{
		"too few people": {"-people", "999"}, "no rounds": {"-rounds", "0"}, "no time": {"-time", "1ms"}, "too long": {"-time", "2m"}, "no connection": {"-conns", "0"},
		"too many connections": {"-conns", "513"}, "the same twice": {"-conns", "8,8"}, "no number": {"-conns", "x"}, "an unknown question": {"-only", "lotus notes"},
		"a word too many": {"x"}, "an unknown flag": {"-x"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			if _, err := parseOptions(args, io.Discard); err == nil {
				t.Error("no error")
			}
		})
	}
	o, err := parseOptions([]string{"-only", "thunderbird"}, io.Discard)
	if n := len(o.questions()); err != nil || n == 0 || n == len(questions) {
		t.Errorf("%d questions, %v", n, err)
	}
	for _, q := range o.questions() {
		if !strings.HasPrefix(q.name, "Thunderbird") {
			t.Error(q.name)
		}
	}
}
