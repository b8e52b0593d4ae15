package main

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseOptions(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string // the command that asks the same
	}{
		"the country is the default":         {nil, "go run ./bench -people 2000000"},
		"folders are not part of it":         {[]string{"-people", "5000", "-out", "/a", "-tmp", "/b", "-doc", "/c"}, "go run ./bench -people 5000"},
		"parts are named in measuring order": {[]string{"-only", "delta, load"}, "go run ./bench -people 2000000 -only load,delta"},
		"all parts named are the default":    {[]string{"-only", "load,start,search,typing,relevance,delta"}, "go run ./bench -people 2000000"},
		"without peers, fewer rounds":        {[]string{"-skip-peers", "-rounds", "2"}, "go run ./bench -people 2000000 -skip-peers -rounds 2"},
		"a b-tree on names too":              {[]string{"-pg-names"}, "go run ./bench -people 2000000 -pg-names"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := parseOptions(c.args, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			if got := o.command(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	for name, args := range map[string][]string{
		"an unknown part":     {"-only", "load,serve"},
		"too few people":      {"-people", "10"},
		"no round":            {"-rounds", "0"},
		"a forgotten dash":    {"people"},
		"an unknown flag":     {"-pg-nam"},
		"a number that isn't": {"-people", "all"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			if o, err := parseOptions(args, io.Discard); err == nil {
				t.Errorf("accepted: %+v", o)
			}
		})
	}
}

func TestPartsDefaultToAll(t *testing.T) {
	got, err := parseParts("")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[part]bool{partLoad: true, partStart: true, partSearch: true, partTyping: true, partRight: true, partDelta: true}, got); d != "" {
		t.Error(d)
	}
}
