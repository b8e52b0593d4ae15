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

// alertClient is how the commands of alerts and audiences reach a server: through its control socket, or over REST with --url. Who acts is
// whoever the token is of: an alert takes two people, and the owner of the machine is neither.
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

// secret is the token of whoever acts, "" where none is given.
func (a *alertClient) secret() (string, error) {
	token := os.Getenv("ANNUAIRE_TOKEN")
	if a.tokenFile != "" {
		b, err := os.ReadFile(a.tokenFile)
		if err != nil {
			return "", &usageError{fmt.Errorf("--token-file: %w", err)}
		}
		token = string(b)
	}
	return strings.TrimSpace(token), nil
}

// open sends one request and returns the answer, if it is no error, to be read as it comes. body, if not nil, is sent as JSON; ifMatch 0 is
// none.
func (a *alertClient) open(c *cobra.Command, method, path string, body any, ifMatch uint64) (*http.Response, error) {
	cfg, err := a.load(c)
	if err != nil {
		return nil, err
	}
	token, err := a.secret()
	if err != nil {
		return nil, err
	}
	client, base := control.Client(socket(cfg)), "http://annuaire"
	if a.server != "" {
		u, err := url.Parse(a.server)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "127.0.0.1" && u.Hostname() != "localhost" {
			return nil, &usageError{fmt.Errorf("--url: an https address (got %q)", a.server)}
		}
		if token == "" {
			return nil, &usageError{errors.New("a token is needed with --url: --token-file or ANNUAIRE_TOKEN (annuaire token new --role alert:author)")}
		}
		client, base = http.DefaultClient, strings.TrimRight(a.server, "/")
	}
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
	req.Close = true // each request has a client of its own
	if token != "" { // without one the socket is the owner of the machine, who is told that alerts are for others
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if ifMatch != 0 {
		req.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(ifMatch)))
	}
	res, err := client.Do(req)
	if errors.Is(err, control.ErrNoServer) {
		return nil, errors.New("no server is running on this data directory: alerts are sent by one (annuaire serve)")
	}
	if err != nil || res.StatusCode/100 == 2 {
		return res, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAlertAnswer))
	if err != nil {
		return nil, err
	}
	err = problem(res.StatusCode, answer)
	var known *annuaire.Error
	var p struct{ Rule string }
	if errors.As(err, &known) && json.Unmarshal(answer, &p) == nil && p.Rule != "" {
		known.Message += " [" + p.Rule + "]"
		known.English = known.Message
	}
	return nil, err
}

// maxAlertAnswer bounds what a server may answer to what is read whole, in bytes.
const maxAlertAnswer = 64 << 20

// ask is open for an answer that is read whole.
func (a *alertClient) ask(c *cobra.Command, method, path string, body any, ifMatch uint64) ([]byte, error) {
	res, err := a.open(c, method, path, body, ifMatch)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAlertAnswer+1))
	if err == nil && len(answer) > maxAlertAnswer {
		err = fmt.Errorf("answer: more than %d bytes", maxAlertAnswer)
	}
	return answer, err
}

// copyOut prints an answer as it comes.
func (a *alertClient) copyOut(c *cobra.Command, path string) error {
	res, err := a.open(c, http.MethodGet, path, nil, 0)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(c.OutOrStdout(), res.Body)
	return err
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
