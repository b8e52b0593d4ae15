package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

func TestOutput(t *testing.T) {
	said := func(w io.Writer) error { _, err := io.WriteString(w, "for people\n"); return err }
	type box struct {
		Address string `json:"address"`
	}
	for _, tt := range []struct {
		rule  string
		out   Output
		print func(*Output, io.Writer) error
		want  string
	}{
		{"a value is shown", Output{}, func(o *Output, w io.Writer) error { return o.Value(w, box{"a"}, said) }, "for people\n"},
		{"or printed as one line of JSON", Output{JSON: true}, func(o *Output, w io.Writer) error { return o.Value(w, box{"a"}, said) }, "{\"address\":\"a\"}\n"},
		{"an answer is read, then shown", Output{}, func(o *Output, w io.Writer) error {
			var b box
			return o.Answer(w, []byte(`{"address":"a"}`), &b, func(w io.Writer) error { _, err := fmt.Fprintln(w, b.Address); return err })
		}, "a\n"},
		{"or printed as it is, what we do not know of too", Output{JSON: true}, func(o *Output, w io.Writer) error {
			return o.Answer(w, []byte("{\"address\":\"a\",\"more\":1}\n"), &box{}, said)
		}, "{\"address\":\"a\",\"more\":1}\n"},
		{"people get line breaks", Output{}, func(_ *Output, w io.Writer) error { return Indented(w, []byte(" {\"a\":1}\n")) }, "{\n  \"a\": 1\n}\n"},
		{"cells are lined up", Output{}, func(_ *Output, w io.Writer) error {
			return Table(w, "ID\tNAME", func(w io.Writer) { fmt.Fprintln(w, "1\tZoé"); fmt.Fprintln(w, "222\tA") })
		}, "ID   NAME\n1    Zoé\n222  A\n"},
		{"figures to the right", Output{}, func(_ *Output, w io.Writer) error {
			return Figures(w, "\tgone\t", func(w io.Writer) { fmt.Fprintln(w, "people\t7\t") })
		}, "          gone\n  people     7\n"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var b bytes.Buffer
			if err := tt.print(&tt.out, &b); err != nil || b.String() != tt.want {
				t.Errorf("%q %v, want %q", b.String(), err, tt.want)
			}
		})
	}
	t.Run("an answer that is no JSON is an error, not a table of nothing", func(t *testing.T) {
		for _, o := range []Output{{}, {JSON: true}} {
			if err := o.Answer(io.Discard, []byte("<html>"), &box{}, said); err == nil {
				t.Error("no error")
			}
		}
	})
	t.Run("a table that cannot be written is an error", func(t *testing.T) {
		full := errors.New("full")
		if err := Table(failing{full}, "A", func(w io.Writer) { fmt.Fprintln(w, "1") }); !errors.Is(err, full) {
			t.Error(err)
		}
	})
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestDurationsAndTimes(t *testing.T) {
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "12h": 12 * time.Hour, "1d": 24 * time.Hour} {
		if got, err := Duration(text); err != nil || got != want {
			t.Error(text, got, err)
		}
	}
	for _, bad := range []string{"", "0d", "-1d", "1831d", "xd", "12", "-3h", "0s", "99999h"} {
		if got, err := Duration(bad); err == nil {
			t.Error(bad, got)
		}
	}
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.Local)
	for text, want := range map[string]time.Time{"": {}, "2026-11-01": day, "2026-11-01T08:00:00Z": time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)} {
		if got, err := Moment(text); err != nil || !got.Equal(want) {
			t.Error(text, got, err)
		}
	}
	for text, want := range map[string]time.Time{"2d": day.AddDate(0, 0, 2), "2026-11-05T00:00:00Z": time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)} {
		if got, err := Until(text, day); err != nil || !got.Equal(want) {
			t.Error(text, got, err)
		}
	}
	for _, bad := range []string{"", "tomorrow", "2026-13-01"} {
		if _, err := Until(bad, day); err == nil {
			t.Error(bad)
		}
	}
	for d, want := range map[time.Duration]string{-time.Hour: "0 h", 90 * time.Minute: "1 h", 47 * time.Hour: "47 h", 50 * time.Hour: "2 days"} {
		if got := Age(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}
