package docs

import (
	"os/exec"
	"strings"
	"testing"
)

// What runs the commands of the pages sees what is wrong: each page here has one thing wrong, or none.
func TestWhatIsWrongOnAPageIsSeen(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash here")
	}
	const fenced = "```"
	for i, tt := range []struct {
		rule, text, want string
	}{
		{"a page whose commands do as it says is right", "sh\ntrue\nfalse # exit code 1\n", ""},
		{"a command that fails is seen, with its line", "sh\ntrue\n\nfalse\n", "line 4 ends with exit code 1, and the page says 0"},
		{"so is one that ends otherwise than its comment says", "sh\ntrue # exit code 3: nothing new\n", "line 2 ends with exit code 0, and the page says 3"},
		{"and one within a pipe", "sh\nfalse | cat\n", "line 2 ends with exit code 1"},
		{"a command that does not exist fails", "sh\nno-such-program\n", "line 2 ends with exit code 127"},
		{"what a block sets is there in the next", "sh\nX=1\n" + fenced + "\n" + fenced + "sh\ntest \"$X\" = 1\n", ""},
		{"a variable that nothing sets is seen", "sh\necho \"$NOBODY_SETS_THIS\"\n", "unbound variable"},
		{"a server that ends is seen", "sh server\nfalse\n", "line 2: the server ended"},
		{"an answer that is printed is right", "sh\necho a\n" + fenced + "\n" + fenced + "text answer\na\n", ""},
		{"another answer is seen", "sh\necho a\n" + fenced + "\n" + fenced + "text answer\nb\n", "line 4: another answer is printed"},
		{"a block that is not to be run is not", "sh no-test: needs luck\nfalse\n", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t, "runner-"+string(rune('a'+i)))
			got := w.take(parse("x.md", fenced+tt.text+fenced+"\n"))
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("%q, want %q in it", got, tt.want)
			}
		})
	}
}
