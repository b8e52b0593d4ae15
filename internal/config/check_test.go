package config

import (
	"strings"
	"testing"
	"time"
)

func TestChecks(t *testing.T) {
	for rule, tt := range map[string]struct {
		err  error
		want string // "" is right
	}{
		"a duration within its bounds":                          {lasting("x", "2d", time.Hour, 48*time.Hour), ""},
		"a duration beyond them says which they are":            {lasting("x", "49h", time.Minute, 48*time.Hour), `x: from 1m to 48h (got "49h")`},
		"no duration at all is below any":                       {lasting("x", "", 10*time.Millisecond, time.Second), `x: from 10ms to 1s (got "")`},
		"a word is no duration":                                 {lasting("x", "soon", 0, time.Hour), `x: from 0s to 1h (got "soon")`},
		"nothing is kept for ever":                              {keeping("x", ""), ""},
		"a day is kept":                                         {keeping("x", "24h"), ""},
		"an hour is not":                                        {keeping("x", "1h"), "x: a day at least"},
		"a number within its bounds":                            {within("x", 3, 1, 3), ""},
		"a number beyond them says which they are":              {within("x", 4, 1, 3), "x: from 1 to 3 (got 4)"},
		"where somebody listens has a port":                     {hostPort("x", "localhost"), "x: host:port"},
		"an address with a name beside it is no address":        {address("x", "Zoé <zoe@exemple.fr>"), "x: an address"},
		"a training instance writes to its own":                 {trained("x", "a@B.formation.mssante.fr"), ""},
		"and to nobody else":                                    {trained("x", "a@mssante.fr"), "x: a training instance"},
		"a page is asked over TLS":                              {web("x", "http://annuaire.exemple.fr/"), "x: an https"},
		"or on this machine":                                    {web("x", "http://127.0.0.1:8081/x"), ""},
		"which a name is not: it may resolve to somewhere else": {web("x", "http://localhost/"), "x: an https"},
		"a password has no place in an address":                 {web("x", "https://a:b@exemple.fr/"), "x: an https"},
	} {
		t.Run(rule, func(t *testing.T) {
			switch {
			case tt.want == "" && tt.err != nil, tt.want != "" && tt.err == nil, tt.err != nil && !strings.HasPrefix(tt.err.Error(), tt.want):
				t.Errorf("%v, want %q", tt.err, tt.want)
			}
		})
	}
}
