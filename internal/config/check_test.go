package config

import (
	"strings"
	"testing"
	"time"
)

func TestChecks(t *testing.T) {
	for rule, tt := range map[string]struct {
		check func(f *faults)
		want  string // "" is right
	}{
		"a duration within its bounds":                          {func(f *faults) { f.lasting("x", "2d", time.Hour, 48*time.Hour) }, ""},
		"a duration beyond them says which they are":            {func(f *faults) { f.lasting("x", "49h", time.Minute, 48*time.Hour) }, `x: from 1m to 48h (got "49h")`},
		"no duration at all is below any":                       {func(f *faults) { f.lasting("x", "", 10*time.Millisecond, time.Second) }, `x: from 10ms to 1s (got "")`},
		"a word is no duration":                                 {func(f *faults) { f.lasting("x", "soon", 0, time.Hour) }, `x: from 0s to 1h (got "soon")`},
		"nothing is kept for ever":                              {func(f *faults) { f.keeping("x", "") }, ""},
		"a day is kept":                                         {func(f *faults) { f.keeping("x", "24h") }, ""},
		"an hour is not":                                        {func(f *faults) { f.keeping("x", "1h") }, "x: a day at least"},
		"a number within its bounds":                            {func(f *faults) { f.within("x", 3, 1, 3) }, ""},
		"a number beyond them says which they are":              {func(f *faults) { f.within("x", 4, 1, 3) }, "x: from 1 to 3 (got 4)"},
		"where somebody listens has a port":                     {func(f *faults) { f.hostPort("x", "localhost") }, "x: host:port"},
		"an address with a name beside it is no address":        {func(f *faults) { f.address("x", "Zoé <zoe@exemple.fr>") }, "x: an address"},
		"a training instance writes to its own":                 {func(f *faults) { f.trained("x", "a@B.formation.mssante.fr") }, ""},
		"and to nobody else":                                    {func(f *faults) { f.trained("x", "a@mssante.fr") }, "x: a training instance"},
		"a page is asked over TLS":                              {func(f *faults) { f.web("x", "http://annuaire.exemple.fr/") }, "x: an https"},
		"or on this machine":                                    {func(f *faults) { f.web("x", "http://127.0.0.1:8081/x") }, ""},
		"which a name is not: it may resolve to somewhere else": {func(f *faults) { f.web("x", "http://localhost/") }, "x: an https"},
		"a password has no place in an address":                 {func(f *faults) { f.web("x", "https://a:b@exemple.fr/") }, "x: an https"},
	} {
		t.Run(rule, func(t *testing.T) {
			var f faults
			tt.check(&f)
			if tt.want == "" && len(f) > 0 || tt.want != "" && (len(f) != 1 || !strings.HasPrefix(f[0].Error(), tt.want)) {
				t.Errorf("%v, want %q", f, tt.want)
			}
		})
	}
}
