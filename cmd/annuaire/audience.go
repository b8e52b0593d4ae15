package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
)

func audienceCommand() *cobra.Command {
	c := &cobra.Command{Use: "audience", Short: "whom alerts are for: list, show, save, preview, unreachable, delete",
		Long: "An audience is a text such as: profession:médecin specialty:généraliste,pédiatre department:69,01 exclude(role:FON-48)\nQuote it as a whole, so that the shell leaves parentheses and \"-\" alone. docs/AUDIENCES.md has the grammar."}
	c.AddCommand(audienceList(), audienceShow(), audienceSave(), audiencePreview(), audienceUnreachable(), audienceDelete())
	return c
}

func audiencePath(name string) string { return "/v1/audiences/" + url.PathEscape(name) }

func audienceList() *cobra.Command {
	var a alertClient
	c := &cobra.Command{Use: "list", Short: "list the saved audiences", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
		var out struct{ Items []annuaire.SavedAudience }
		return a.send(c, http.MethodGet, "/v1/audiences", nil, 0, &out, func(w io.Writer) error { return show.Audiences(w, out.Items) })
	}}
	a.flags(c)
	return c
}

func audienceShow() *cobra.Command {
	var a alertClient
	var version uint64
	c := &cobra.Command{Use: "show NAME", Short: "print an audience as JSON, in both its forms", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		path := audiencePath(args[0])
		if version > 0 {
			path += fmt.Sprintf("?version=%d", version)
		}
		return a.Copy(c.Context(), path, c.OutOrStdout())
	}}
	a.flags(c)
	c.Flags().Uint64Var(&version, "version", 0, "an earlier version")
	return c
}

func audienceSave() *cobra.Command {
	var a alertClient
	var title, file string
	var version uint64
	c := &cobra.Command{
		Use: "save NAME [AUDIENCE]", Short: "save an audience, from the arguments or a file",
		Long:    "save keeps an audience under a name. To change one, say which version you have seen: --version N.",
		Example: "  annuaire alert audience save rougeole-69 --title 'Rougeole, Rhône' 'profession:médecin specialty:généraliste,pédiatre,urgentiste department:69,01,38'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text := strings.Join(args[1:], " ")
			if file != "" {
				if text != "" {
					return cli.Usage(errors.New("the audience is given twice: as arguments and as --file"))
				}
				var err error
				if text, err = cli.ReadText(c, file); err != nil {
					return err
				}
			}
			var out annuaire.SavedAudience
			return a.send(c, http.MethodPut, audiencePath(args[0]), inForm(text, map[string]any{"title": title}), version, &out, func(w io.Writer) error {
				_, err := fmt.Fprintf(w, "%s v%d: %s\n", out.Name, out.Version, out.Text)
				return err
			})
		},
	}
	a.flags(c)
	c.Flags().StringVar(&title, "title", "", "what people call it")
	c.Flags().StringVar(&file, "file", "", "read the audience, text or JSON, from a file (-: standard input)")
	c.Flags().Uint64Var(&version, "version", 0, "the version that is replaced; none: it is new")
	return c
}

// inForm adds an audience to a body, as the text or the JSON that it is.
func inForm(form string, body map[string]any) map[string]any {
	if form = strings.TrimSpace(form); strings.HasPrefix(form, "{") {
		body["tree"] = json.RawMessage(form)
	} else {
		body["text"] = form
	}
	return body
}

func audienceUnreachable() *cobra.Command {
	var a alertClient
	var format string
	c := &cobra.Command{Use: "unreachable NAME", Short: "print who is selected and has no mailbox, for other channels", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		return a.Copy(c.Context(), audiencePath(args[0])+"/unreachable?format="+url.QueryEscape(format), c.OutOrStdout())
	}}
	a.flags(c)
	c.Flags().StringVar(&format, "format", "csv", "csv or ndjson")
	return c
}

func audienceDelete() *cobra.Command {
	var a alertClient
	var version uint64
	var sure cli.Confirmation
	c := &cobra.Command{Use: "delete NAME --version N", Short: "remove an audience, its versions and its last preview", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
		if version == 0 {
			return cli.Usage(errors.New("--version is needed: the version that you have seen (annuaire alert audience show)"))
		}
		if err := sure.Ask(c, "delete audience "+args[0]+" for good? [y/N] ", "not deleted"); err != nil {
			return err
		}
		_, err := a.Ask(c.Context(), http.MethodDelete, audiencePath(args[0]), nil, ifMatch(version)...)
		return err
	}}
	a.flags(c)
	c.Flags().Uint64Var(&version, "version", 0, "the version that is removed")
	sure.Flag(c, "do not ask")
	return c
}
