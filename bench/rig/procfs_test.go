package rig

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const someStatus = `Name:	annuaire
VmPeak:	 9000000 kB
VmHWM:	  130500 kB
VmRSS:	  120000 kB
RssAnon:	   90000 kB
RssFile:	   29000 kB
RssShmem:	    1000 kB
Threads:	11
`

func TestParseStatus(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want memory
	}{
		"kibibytes become bytes":       {someStatus, memory{anon: 90000 << 10, shared: 1000 << 10, file: 29000 << 10, peak: 130500 << 10}},
		"a zombie has no memory":       {"Name:\tannuaire\nState:\tZ (zombie)\n", memory{}},
		"a figure that is none is nil": {"RssAnon:\tmany kB\nVmHWM:\t5\n", memory{}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, parseStatus(c.text), cmp.AllowUnexported(memory{})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParseStat(t *testing.T) {
	const rest = " S 42 1 1 0 -1 4194304 100 200 0 0 150 25 1000 300 20 0 1 0 12345 0 0"
	want := procStat{parent: 42, user: 1500 * time.Millisecond, sys: 250 * time.Millisecond, cuser: 10 * time.Second, csys: 3 * time.Second}
	for name, program := range map[string]string{"a plain name": "(postgres)", "a name with spaces and parentheses": "(a) b (c)"} {
		t.Run(name, func(t *testing.T) {
			got, err := parseStat("7 " + program + rest)
			if err != nil || got != want {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
	for name, text := range map[string]string{"empty": "", "no parenthesis": "7 x S 1", "cut short": "7 (x) S 42 1 1", "no number": "7 (x) S a b c d e f g h i j k l m n o p"} {
		t.Run(name+" is refused", func(t *testing.T) {
			if _, err := parseStat(text); !errors.Is(err, errStat) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add("7 (postgres) S 42 1 1 0 -1 4194304 100 200 0 0 150 25 1000 300 20 0")
	f.Add("7 (x")
	f.Fuzz(func(t *testing.T, s string) {
		parseStatus(s)
		if st, err := parseStat(s); err != nil && st != (procStat{}) {
			t.Errorf("an error with a result: %+v", st)
		}
	})
}

func TestOwnProcess(t *testing.T) {
	m, err := statusOf(os.Getpid())
	if err != nil || m.anon == 0 || m.peak < m.anon {
		t.Errorf("own memory: %+v, %v", m, err)
	}
	st, err := statOf(os.Getpid())
	if err != nil || st.parent != os.Getppid() {
		t.Errorf("own parent: %+v, %v, want %d", st, err, os.Getppid())
	}
}

func TestPeaks(t *testing.T) {
	alone := memory{anon: 10, shared: 1, file: 5, peak: 30}
	for name, c := range map[string]struct {
		before Peaks
		look   []memory
		want   Peaks
	}{
		"one process: its high-water mark counts":     {Peaks{}, []memory{alone}, Peaks{11, 30}},
		"a lower look changes nothing":                {Peaks{50, 60}, []memory{alone}, Peaks{50, 60}},
		"a tree: what is shared counts once":          {Peaks{}, []memory{{anon: 10, shared: 100, file: 5, peak: 900}, {anon: 20, shared: 70, file: 8, peak: 900}}, Peaks{130, 138}},
		"nothing left to look at keeps what was seen": {Peaks{3, 4}, nil, Peaks{3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.before.with(c.look); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
