package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/control"
)

// alertClient is how the commands of alerts reach a server: through its control socket, or over REST with --url. Who acts is whoever the
// token is of: an alert takes two people, and the owner of the machine is neither.
type alertClient struct {
	settings
	tokenFile, server string
	asJSON            bool
}

func (a *alertClient) flags(c *cobra.Command) {
	a.dataFlags(c)
	c.Flags().StringVar(&a.tokenFile, "token-file", "", "file with the token of whoever acts (default: ANNUAIRE_TOKEN)")
	c.Flags().StringVar(&a.server, "url", "", "https address of a server elsewhere (default: the one on this data directory)")
	c.Flags().BoolVar(&a.asJSON, "json", false, "print what the server answers")
}

// maxAlertAnswer bounds what a server may answer, in bytes.
const maxAlertAnswer = 64 << 20

// ask sends one request and returns the body of the answer. body, if not nil, is sent as JSON; ifMatch 0 is none.
func (a *alertClient) ask(c *cobra.Command, method, path string, body any, ifMatch uint64) ([]byte, error) {
	cfg, err := a.load(c)
	if err != nil {
		return nil, err
	}
	client, base := control.Client(socket(cfg)), "http://annuaire"
	if a.server != "" {
		u, err := url.Parse(a.server)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" {
			return nil, &usageError{fmt.Errorf("--url: an https address (got %q)", a.server)}
		}
		client, base = http.DefaultClient, strings.TrimRight(a.server, "/")
	}
	defer client.CloseIdleConnections()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(c.Context(), method, base+path, r)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if ifMatch != 0 {
		req.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(ifMatch)))
	}
	token := os.Getenv("ANNUAIRE_TOKEN")
	if a.tokenFile != "" {
		b, err := os.ReadFile(a.tokenFile)
		if err != nil {
			return nil, &usageError{fmt.Errorf("--token-file: %w", err)}
		}
		token = string(b)
	}
	if token = strings.TrimSpace(token); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := client.Do(req)
	if errors.Is(err, control.ErrNoServer) {
		return nil, errors.New("no server is running on this data directory: alerts are sent by one (annuaire serve)")
	}
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAlertAnswer))
	if err == nil && res.StatusCode/100 != 2 {
		err = problem(res.StatusCode, answer)
		var known *annuaire.Error
		var p struct{ Rule string }
		if errors.As(err, &known) && json.Unmarshal(answer, &p) == nil && p.Rule != "" {
			known.Message += " [" + p.Rule + "]"
			known.English = known.Message
		}
	}
	return answer, err
}

// say prints an answer as it is, or by fn, which reads it into out.
func (a *alertClient) say(c *cobra.Command, answer []byte, out any, fn func(io.Writer)) error {
	w := c.OutOrStdout()
	if a.asJSON {
		_, err := fmt.Fprintln(w, strings.TrimSpace(string(answer)))
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	fn(w)
	return nil
}

func alertPath(id, rest string) string { return "/v1/alerts/" + url.PathEscape(id) + rest }
