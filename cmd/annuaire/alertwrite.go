package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
)

// draftFlags are the parts of an alert that flags set; what is not given stays as it is.
type draftFlags struct {
	from    string
	expires string
	files   map[*string]*string // a text, and the flag that names its file
	words   map[string]func()   // by flag, what it sets when given
	d       annuaire.AlertDraft
}

func (f *draftFlags) add(c *cobra.Command) {
	f.words, f.files = map[string]func(){}, map[*string]*string{}
	c.Flags().StringVar(&f.from, "from", "", "file with the whole draft as JSON (\"-\": standard input); flags change it")
	text := func(name, usage string, to *string) {
		v := c.Flags().String(name, "", usage)
		f.words[name] = func() { *to = *v }
	}
	file := func(name, usage string, to *string) { f.files[to] = c.Flags().String(name, "", usage) }
	text("title", "subject, one line of at most 120 characters", &f.d.Title.FR)
	text("title-en", "", &f.d.Title.EN)
	text("summary", "what to do, at most 400 characters", &f.d.Summary.FR)
	text("summary-en", "", &f.d.Summary.EN)
	text("text", "plain text (or --text-file)", &f.d.Text.FR)
	text("text-en", "", &f.d.Text.EN)
	file("text-file", "file with the plain text", &f.d.Text.FR)
	file("text-en-file", "file with the plain text in English", &f.d.Text.EN)
	file("html-file", "file with the text in simple HTML", &f.d.HTML.FR)
	file("html-en-file", "file with the text in simple HTML, in English", &f.d.HTML.EN)
	text("severity", fmt.Sprint(annuaire.AlertSeverities), (*string)(&f.d.Severity))
	text("urgency", fmt.Sprint(annuaire.AlertUrgencies), (*string)(&f.d.Urgency))
	text("certainty", fmt.Sprint(annuaire.AlertCertainties), (*string)(&f.d.Certainty))
	text("status", fmt.Sprint(annuaire.AlertStatuses), (*string)(&f.d.Status))
	text("kind", fmt.Sprint(annuaire.AlertKinds), (*string)(&f.d.Kind))
	text("refers", "number of the alert that this one updates or cancels", &f.d.Refers)
	text("legal", "legal basis", &f.d.Legal)
	text("area", "where, in words", &f.d.Area)
	text("audience", "whom it is for (docs/AUDIENCES.md), or @NAME of a saved audience", &f.d.Audience)
	text("expires", "until when it holds: 48h, 3d, 2026-12-01T18:00:00+01:00", &f.expires)
	yes := func(name, usage string, to *bool) {
		v := c.Flags().Bool(name, false, usage)
		f.words[name] = func() { *to = *v }
	}
	yes("red-list", "red-listed mailboxes too", &f.d.RedList)
	yes("public", "in the public archive too", &f.d.Public)
}

// over returns what was written with what the flags say over it.
func (f *draftFlags) over(c *cobra.Command, written annuaire.AlertDraft) (annuaire.AlertDraft, error) {
	f.d = written
	if f.from != "" {
		f.d = annuaire.AlertDraft{}
		if err := f.read(c); err != nil {
			return f.d, err
		}
	}
	for name, set := range f.words {
		if c.Flags().Changed(name) {
			set()
		}
	}
	for to, name := range f.files {
		if *name == "" {
			continue
		}
		text, err := cli.ReadText(c, *name)
		if err != nil {
			return f.d, err
		}
		*to = text
	}
	if f.expires == "" {
		return f.d, nil
	}
	at, err := cli.Until(f.expires, time.Now())
	if err != nil {
		return f.d, cli.Usage(fmt.Errorf("--expires: %w", err))
	}
	f.d.Expires = at
	return f.d, nil
}

func (f *draftFlags) read(c *cobra.Command) error {
	text, err := cli.ReadText(c, f.from)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f.d); err != nil {
		return cli.Usage(fmt.Errorf("--from: %w", err))
	}
	return nil
}

func alertNew() *cobra.Command {
	var a alertClient
	var f draftFlags
	c := &cobra.Command{Use: "new", Short: "write an alert", Args: cobra.NoArgs,
		Example: "  annuaire alert new --token-file author --title 'Rougeole dans le Rhône' --summary 'Vérifiez le statut vaccinal.' --text-file rougeole.txt \\\n    --severity severe --legal 'Article L. 4001-2 du code de la santé publique' --expires 3d --audience 'profession:médecin department:69,01,38' --red-list",
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := f.over(c, annuaire.AlertDraft{})
			if err != nil {
				return err
			}
			return a.write(c, http.MethodPost, "/v1/alerts", d, 0)
		}}
	a.flags(c)
	f.add(c)
	return c
}

func alertEdit() *cobra.Command {
	var a alertClient
	var f draftFlags
	c := &cobra.Command{Use: "edit ID", Short: "change an alert that is not approved; it is a draft again", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var x annuaire.Alert
			if err := a.Get(c.Context(), alertPath(args[0], ""), &x); err != nil {
				return err
			}
			d, err := f.over(c, x.AlertDraft)
			if err != nil {
				return err
			}
			return a.write(c, http.MethodPut, alertPath(args[0], ""), d, x.Version)
		}}
	a.flags(c)
	f.add(c)
	return c
}

// write sends a draft, and prints the number of the alert that comes of it.
func (a *alertClient) write(c *cobra.Command, method, path string, d annuaire.AlertDraft, version uint64) error {
	var x annuaire.Alert
	return a.send(c, method, path, d, version, &x, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, x.ID)
		return err
	})
}
