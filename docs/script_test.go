package docs

import (
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// logicalLine is one command of a block: its lines joined where they end in a backslash.
type logicalLine struct {
	at   int // of its first line in the block, from 0
	text string
	code int // the exit code that its comment says; 0 unless told
}

var saidCode = regexp.MustCompile(`#.*\b(?:exit code|code de sortie) (\d+)`)

func logicalLines(text string) (out []logicalLine) {
	begun := false
	for i, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if begun {
			out[len(out)-1].text += "\n" + l
		} else if trimmed := strings.TrimSpace(l); trimmed != "" && trimmed[0] != '#' {
			out = append(out, logicalLine{at: i, text: l})
		} else {
			continue
		}
		begun = strings.HasSuffix(l, `\`)
	}
	for i := range out {
		if m := saidCode.FindStringSubmatch(out[i].text); m != nil {
			out[i].code, _ = strconv.Atoi(m[1])
		}
	}
	return out
}

// A block of commands says how it is to be taken in the rest of its info string.
const (
	runs    = ""         // it is run to its end
	serves  = "server"   // its one command goes on running while the blocks that follow are run; the server before it is stopped
	skipped = "no-test:" // it cannot be run where tests run, for the reason that follows
	answers = "answer"   // of a block of another language: what the block before it prints
)

var reason = regexp.MustCompile(`^no-test: \S+ \S+`)

// kind reads an info string.
func (b block) kind() (kind string, err error) {
	switch {
	case b.info == runs, b.info == serves:
		return b.info, nil
	case reason.MatchString(b.info):
		return skipped, nil
	}
	return "", fmt.Errorf("%q: nothing, %q, or %q and why", b.info, serves, skipped)
}

// needed are programs that may be missing where tests run.
var needed = []string{"curl", "ldapsearch", "jq", "openssl", "sha256sum"}

// uses are the programs of that kind that a block calls.
func (b block) uses() (programs []string) {
	for _, p := range needed {
		if regexp.MustCompile(`(?m)(?:^|[|(;&] *)` + p + ` `).MatchString(b.text) {
			programs = append(programs, p)
		}
	}
	return programs
}

// missing names a program that the block calls and that is not here, "" for none.
func (b block) missing() string {
	for _, p := range b.uses() {
		if _, err := exec.LookPath(p); err != nil {
			return p
		}
	}
	return ""
}

// preamble: fail and check report on descriptor 3 what went wrong and end the script; the server of the page ends with it. Where it answers
// is in the environment.
const preamble = `set -uo pipefail
server=
halt() { if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; fi; }
trap halt EXIT
fail() { echo "$*" >&3; exit 1; }
check() { local code=$?; [ $code -eq $2 ] || fail "line $1 ends with exit code $code, and the page says $2"; }
curl() { command curl --fail-with-body "$@"; } # an answer that is an error is one here too
ready() { until annuaire healthcheck >/dev/null 2>&1; do kill -0 "$server" 2>/dev/null || fail "line $1: the server ended"; sleep 0.05; done; }
`

// script is the page as a script of bash. The output of the block of line n is out.n and err.n in its folder.
func script(p page, here func(b block) bool) string {
	var s strings.Builder
	s.WriteString(preamble)
	for _, b := range p.blocks {
		if b.lang != "sh" || !here(b) {
			continue
		}
		kind, _ := b.kind()
		lines := logicalLines(b.text)
		if kind == serves {
			fmt.Fprintf(&s, "halt\n( exec %s\n) >out.%d 2>err.%d &\nserver=$!\nready %d\n", lines[0].text, b.line, b.line, b.line+1)
			continue
		}
		s.WriteString("{\n")
		for _, l := range lines {
			fmt.Fprintf(&s, "%s\ncheck %d %d\n", l.text, b.line+1+l.at, l.code)
		}
		fmt.Fprintf(&s, "} >out.%d 2>err.%d\n", b.line, b.line)
	}
	return s.String()
}

func TestLogicalLines(t *testing.T) {
	got := logicalLines("a  # done\n\n# a remark\nb \\\n   c   # exit code 3: nothing to do\nd # code de sortie 5\n")
	want := []logicalLine{{0, "a  # done", 0}, {3, "b \\\n   c   # exit code 3: nothing to do", 3}, {5, "d # code de sortie 5", 5}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestProgramsThatABlockCalls(t *testing.T) {
	for text, want := range map[string]string{"curl -s x": "curl", "X=$(curl -s x | jq -r .y)": "curl jq", "echo curl x": "", "annuaire search curl jq": "", "a; sha256sum b": "sha256sum"} {
		if got := strings.Join((block{text: text}).uses(), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestKindsOfBlocks(t *testing.T) {
	for info, want := range map[string]string{"": runs, "server": serves, "no-test: needs systemd": skipped} {
		if got, err := (block{info: info}).kind(); got != want || err != nil {
			t.Error(info, got, err)
		}
	}
	for _, info := range []string{"no-test", "no-test:", "no-test: because", "ignored"} {
		if _, err := (block{info: info}).kind(); err == nil {
			t.Errorf("%q is taken", info)
		}
	}
}
