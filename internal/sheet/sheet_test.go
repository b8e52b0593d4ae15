package sheet

import (
	"errors"
	"strings"
	"testing"
)

func TestRow(t *testing.T) {
	for rule, tt := range map[string]struct {
		cells []string
		want  string
	}{
		"cells are separated by commas, rows end as RFC 4180 says": {[]string{"a", "b"}, "a,b\r\n"},
		"what holds a comma or a quote is quoted":                  {[]string{"un, deux", `a "b"`}, "\"un, deux\",\"a \"\"b\"\"\"\r\n"},
		"an equation is no formula":                                {[]string{"=1+1"}, "'=1+1\r\n"},
		"nor is a number with its sign, nor a call":                {[]string{"+33", "-1", "@SUM(A1)"}, "'+33,'-1,'@SUM(A1)\r\n"},
		"a sign that does not begin a cell stays":                  {[]string{"a=b", ""}, "a=b,\r\n"},
	} {
		t.Run(rule, func(t *testing.T) {
			var b strings.Builder
			w := NewWriter(&b)
			if err := errors.Join(w.Row(tt.cells), w.Flush()); err != nil || b.String() != tt.want {
				t.Errorf("%q %v, want %q", b.String(), err, tt.want)
			}
		})
	}
	t.Run("the caller's cells stay as they are", func(t *testing.T) {
		cells := []string{"=x"}
		if err := NewWriter(&strings.Builder{}).Row(cells); err != nil || cells[0] != "=x" {
			t.Error(cells, err)
		}
	})
}

// A cell never begins like a formula, whatever it holds.
func FuzzPlain(f *testing.F) {
	f.Add("=1")
	f.Add("\t=1")
	f.Fuzz(func(t *testing.T, cell string) {
		if got := plain(cell); got != "" && strings.ContainsAny(got[:1], "=+-@\t\r\n") || strings.TrimPrefix(got, "'") != strings.TrimPrefix(cell, "'") && got != "'"+cell {
			t.Errorf("%q", got)
		}
	})
}
