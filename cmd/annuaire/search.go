package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/api"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
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
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			body, err := ask(c, cfg, searchPath(args, explain))
			if err != nil {
				return err
			}
			if f, ok := c.OutOrStdout().(*os.File); asJSON || !ok || !isTerminal(f) {
				_, err = fmt.Fprintln(c.OutOrStdout(), strings.TrimSpace(string(body)))
				return err
			}
			return printPeople(c.OutOrStdout(), body)
		},
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

// ask has the running server answer a REST question, else opens the data directory and answers it here, by the same code.
func ask(c *cobra.Command, cfg config.Config, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(c.Context(), http.MethodGet, "http://annuaire"+path, nil)
	if err != nil {
		return nil, err
	}
	client := control.Client(socket(cfg))
	defer client.CloseIdleConnections()
	if res, err := client.Do(req); err == nil {
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return body, errors.Join(err, problem(res.StatusCode, body))
	} else if !errors.Is(err, control.ErrNoServer) {
		return nil, err
	}
	d, err := directory.Open(cfg.Data)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	rec := httptest.NewRecorder()
	api.Local(api.New(api.Options{Directory: d, Training: cfg.Mode == config.Training, Version: version})).ServeHTTP(rec, req)
	return rec.Body.Bytes(), problem(rec.Code, rec.Body.Bytes())
}

// problem turns a problem document back into the error it came from.
func problem(status int, body []byte) error {
	if status == http.StatusOK {
		return nil
	}
	var p struct{ Type, Detail string }
	if err := json.Unmarshal(body, &p); err != nil || p.Detail == "" {
		return fmt.Errorf("answer %d", status)
	}
	return annuaire.Errorf(annuaire.Code(strings.TrimPrefix(p.Type, "/problems/")), "", p.Detail, p.Detail, nil)
}

// printPeople writes a page of people as a table.
func printPeople(w io.Writer, body []byte) error {
	var page struct {
		Total int
		Items []struct {
			ID, Family, Given string
			Practices         []struct{ Profession, Specialties json.RawMessage }
			Activities        []struct {
				Structure *struct{ Name string }
				Address   *struct {
					City       string
					PostalCode string `json:"postal_code"`
				}
			}
			Mailboxes []struct{ Address string }
		}
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, it := range page.Items {
		var profession struct{ Label string }
		if len(it.Practices) > 0 {
			_ = json.Unmarshal(it.Practices[0].Profession, &profession)
		}
		place, box := "", ""
		if len(it.Activities) > 0 && it.Activities[0].Address != nil {
			place = it.Activities[0].Address.PostalCode + " " + it.Activities[0].Address.City
		}
		if len(it.Mailboxes) > 0 {
			box = it.Mailboxes[0].Address
		}
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", it.ID, it.Family, it.Given, profession.Label, place, box)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d of %d\n", len(page.Items), page.Total)
	return err
}
