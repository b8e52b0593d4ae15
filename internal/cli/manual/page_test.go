package manual

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// program is one with a command of every part that a page has.
func program() *cobra.Command {
	root := &cobra.Command{Use: "prog", Short: "a program", Version: "1.2"}
	c := &cobra.Command{Use: "put-away FILE", Short: "put it away", Example: "  prog put-away -n x",
		Long: ".begins with a dot\n\nEXIT STATUS\n  0 put away · 1 failed,\n  and said", RunE: func(*cobra.Command, []string) error { return nil }}
	c.Flags().BoolP("dry-run", "n", false, "put nothing \\ away")
	c.Flags().String("secret", "", "")
	_ = c.Flags().MarkHidden("secret")
	root.AddCommand(c, &cobra.Command{Use: "within", Hidden: true, Run: func(*cobra.Command, []string) {}})
	return root
}

func TestPages(t *testing.T) {
	pages := map[string]string{}
	if err := Pages(program(), func(name, text string) error { pages[name] = text; return nil }); err != nil {
		t.Fatal(err)
	}
	t.Run("there is one for each command that help shows", func(t *testing.T) {
		if len(pages) != 2 || pages["prog.1"] == "" || pages["prog-put-away.1"] == "" {
			t.Error(pages)
		}
	})
	page := pages["prog-put-away.1"]
	for rule, want := range map[string]string{
		"it begins with its name, the program and its version": ".TH \"PROG\\-PUT\\-AWAY\" 1 \"\" \"annuaire 1.2\"",
		"hyphens are hyphens":                               ".SH NAME\nprog\\-put\\-away \\- put it away\n",
		"a text that begins like a request is text":         ".SH DESCRIPTION\n.PP\n\\&.begins with a dot\n",
		"a flag has both its names, and a backslash is one": "\\fB\\-n, \\-\\-dry\\-run\\fR \nput nothing \\e away\n",
		"each exit code has a line of its own":              ".SH EXIT STATUS\n.TP\n.B 0\nput away\n.TP\n.B 1\nfailed, and said\n",
		"an example is shown as it is":                      ".SH EXAMPLES\n.nf\n  prog put\\-away \\-n x\n.fi\n",
		"the command above it is named":                     "\\fBprog\\fR(1)",
	} {
		t.Run(rule, func(t *testing.T) {
			if !strings.Contains(page, want) {
				t.Errorf("%q is not in\n%s", want, page)
			}
		})
	}
	t.Run("what is hidden stays so", func(t *testing.T) {
		if strings.Contains(page, "secret") || strings.Contains(pages["prog.1"], "within") {
			t.Error(page, pages["prog.1"])
		}
	})
}
