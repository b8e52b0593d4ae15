package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"annuaire/api"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/terminal"
)

func searchCommand() *cobra.Command {
	var s settings
	var asJSON, explain bool
	c := &cobra.Command{
		Use:   "search WORDS... [parameter=value]...",
		Short: "find people: a table on a terminal, JSON when piped",
		Long: `search asks the directory what GET /v1/professionals would answer. Plain words are free text: names, trades, places, an identifier;
parameter=value is any search parameter of the REST interface.`,
		Example: "  annuaire search cardiologue lyon\n  annuaire search martin profession=médecin department=69\n  annuaire search structure=\"centre hospitalier\" city=lyon limit=5",
		RunE: s.with(func(c *cobra.Command, cfg config.Config, args []string) error {
			body, err := answer(c, cfg, searchPath(args, explain))
			if err != nil {
				return err
			}
			if asJSON || !terminal.Is(c.OutOrStdout()) {
				return cli.Raw(c.OutOrStdout(), body)
			}
			return show.People(c.OutOrStdout(), body)
		}),
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON on a terminal too")
	c.Flags().BoolVar(&explain, "explain", false, "say more about why each person is there (as JSON)")
	return c
}

// searchPath is the REST question that the arguments of search stand for.
func searchPath(args []string, explain bool) string {
	q := url.Values{}
	var words []string
	for _, a := range args {
		if k, v, ok := strings.Cut(a, "="); ok {
			q.Add(k, v)
		} else {
			words = append(words, a)
		}
	}
	if len(words) > 0 {
		q.Set("q", strings.Join(words, " "))
	}
	if explain {
		q.Set("explain", "true")
	}
	return "/v1/professionals?" + q.Encode()
}

// answer has the running server answer a REST question, else opens the data directory and answers it here, by the same code.
func answer(c *cobra.Command, cfg config.Config, path string) ([]byte, error) {
	there := cli.Server{Socket: func() (string, error) { return socket(cfg), nil }}
	a, err := there.Ask(c.Context(), http.MethodGet, path, nil)
	if !errors.Is(err, control.ErrNoServer) {
		return a.Body, err
	}
	return opened(cfg.Data, directory.Open, func(d *directory.Directory) ([]byte, error) {
		req, err := http.NewRequestWithContext(c.Context(), http.MethodGet, path, nil)
		if err != nil {
			return nil, err
		}
		rec := httptest.NewRecorder()
		api.Local(api.New(api.Options{Directory: d, Training: cfg.Mode == config.Training, Version: version})).ServeHTTP(rec, req)
		return rec.Body.Bytes(), cli.Problem(rec.Code, rec.Body.Bytes())
	})
}
