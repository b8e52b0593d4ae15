package manual

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Pages calls fn with the name of the file ("annuaire-sync.1") and the text of the page of a command, and of those under it.
func Pages(c *cobra.Command, fn func(name, text string) error) error {
	if c.Hidden || c.Name() == "help" {
		return nil
	}
	if err := fn(name(c)+".1", page(c)); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if err := Pages(sub, fn); err != nil {
			return err
		}
	}
	return nil
}

func name(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// page is a manual page, in the language of man(7).
func page(c *cobra.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"annuaire %s\" \"Annuaire Santé\"\n", quoted(strings.ToUpper(name(c))), c.Root().Version)
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n.SH SYNOPSIS\n.B %s\n", roff(name(c)), roff(c.Short), roff(c.UseLine()))
	long, exit, _ := strings.Cut(c.Long, "EXIT STATUS\n")
	if long = strings.TrimSpace(long); long != "" {
		b.WriteString(".SH DESCRIPTION\n" + paragraphs(long))
	}
	if flags := c.NonInheritedFlags(); flags.HasAvailableFlags() {
		b.WriteString(".SH OPTIONS\n")
		flags.VisitAll(func(f *pflag.Flag) {
			if f.Hidden {
				return
			}
			value, usage := pflag.UnquoteUsage(f)
			short := ""
			if f.Shorthand != "" {
				short = "\\-" + f.Shorthand + ", "
			}
			fmt.Fprintf(&b, ".TP\n\\fB%s\\-\\-%s\\fR %s\n%s\n", short, roff(f.Name), roff(value), roff(usage))
		})
	}
	if exit != "" {
		b.WriteString(".SH EXIT STATUS\n")
		for part := range strings.SplitSeq(strings.Join(strings.Fields(exit), " "), " · ") {
			code, what, _ := strings.Cut(part, " ")
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(code), roff(what))
		}
	}
	if c.Example != "" {
		b.WriteString(".SH EXAMPLES\n.nf\n" + lines(c.Example) + ".fi\n")
	}
	var also []string
	if c.HasParent() {
		also = append(also, "\\fB"+roff(name(c.Parent()))+"\\fR(1)")
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden && sub.Name() != "help" {
			also = append(also, "\\fB"+roff(name(sub))+"\\fR(1)")
		}
	}
	if len(also) > 0 {
		b.WriteString(".SH SEE ALSO\n" + strings.Join(also, ",\n") + "\n")
	}
	return b.String()
}

// roff escapes a text: a backslash, a hyphen that is one, and a sign that would begin a request.
func roff(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\e`), "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

func quoted(s string) string { return `"` + roff(strings.ReplaceAll(s, `"`, "")) + `"` }

func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		b.WriteString(".PP\n" + lines(p))
	}
	return b.String()
}

func lines(text string) string {
	var b strings.Builder
	for l := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(roff(l) + "\n")
	}
	return b.String()
}
