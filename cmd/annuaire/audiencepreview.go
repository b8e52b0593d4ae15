package main

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
)

func audiencePreview() *cobra.Command {
	var a alertClient
	var name string
	var seed uint64
	var sample int
	c := &cobra.Command{
		Use: "preview [AUDIENCE]", Short: "say whom an audience would reach: of the arguments, or a saved one (--name)",
		Example: "  annuaire alert audience preview médecin department:48\n  annuaire alert audience preview --name rougeole-69",
		RunE: func(c *cobra.Command, args []string) error {
			text := strings.Join(args, " ")
			if (text == "") == (name == "") {
				return cli.Usage(errors.New("an audience, or --name of a saved one"))
			}
			body, path := map[string]any{"sample": sample}, "/v1/audiences/preview"
			if c.Flags().Changed("seed") {
				body["seed"] = seed
			}
			if name != "" {
				path = audiencePath(name) + "/preview"
			} else {
				body = inForm(text, body)
			}
			var p annuaire.AudiencePreview
			return a.send(c, http.MethodPost, path, body, 0, &p, func(w io.Writer) error { return show.AudiencePreview(w, p) })
		},
	}
	a.flags(c)
	c.Flags().StringVar(&name, "name", "", "a saved audience; says what changed since its last preview")
	c.Flags().Uint64Var(&seed, "seed", 0, "show the sample of this seed")
	c.Flags().IntVar(&sample, "sample", 5, "people to show")
	return c
}
