package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// Output is how a command prints what it found: for a person, or with --json for a program.
type Output struct{ JSON bool }

// Flag adds --json.
func (o *Output) Flag(c *cobra.Command, usage string) {
	c.Flags().BoolVar(&o.JSON, "json", false, usage)
}

// Value prints a value: as one line of JSON, else by show.
func (o *Output) Value(w io.Writer, v any, show func(io.Writer) error) error {
	if o.JSON {
		return json.NewEncoder(w).Encode(v)
	}
	return show(w)
}

// Answer prints what a server answered: as it is, else by show once it is read into out.
func (o *Output) Answer(w io.Writer, body []byte, out any, show func(io.Writer) error) error {
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if o.JSON {
		return Raw(w, body)
	}
	return show(w)
}

// Raw prints an answer as it is, on a line of its own.
func Raw(w io.Writer, body []byte) error {
	_, err := fmt.Fprintf(w, "%s\n", bytes.TrimSpace(body))
	return err
}

// Indented prints an answer of JSON with line breaks, as people read it.
func Indented(w io.Writer, body []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(body), "", "  "); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return Raw(w, b.Bytes())
}

// Table lines up cells that tabs end, the first of them the headings; fn writes the rows.
func Table(w io.Writer, headings string, fn func(io.Writer)) error { return table(w, headings, 0, fn) }

// Figures is Table with cells on the right, as numbers are read.
func Figures(w io.Writer, headings string, fn func(io.Writer)) error {
	return table(w, headings, tabwriter.AlignRight, fn)
}

func table(w io.Writer, headings string, flags uint, fn func(io.Writer)) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', flags)
	if headings != "" {
		fmt.Fprintln(t, headings)
	}
	fn(t) // a write that fails fails Flush
	return t.Flush()
}
