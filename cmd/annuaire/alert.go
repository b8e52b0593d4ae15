package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
)

// authority is the server and the token that alert commands speak with.
type authority struct {
	settings
	url, tokenFile string
}

func (a *authority) flags(c *cobra.Command) {
	a.dataFlags(c)
	c.Flags().StringVar(&a.url, "url", "", "the server, as https://annuaire.example (default: where the configuration listens)")
	c.Flags().StringVar(&a.tokenFile, "token-file", "", "file that holds the token (default: ANNUAIRE_TOKEN)")
}

// reach returns where the server is and with what token.
func (a *authority) reach(c *cobra.Command) (base, token string, err error) {
	token = os.Getenv("ANNUAIRE_TOKEN")
	if a.tokenFile != "" {
		b, err := os.ReadFile(a.tokenFile)
		if err != nil {
			return "", "", &usageError{err}
		}
		token = string(b)
	}
	if token = strings.TrimSpace(token); token == "" {
		return "", "", &usageError{errors.New("a token is needed, of role alert:author: --token-file or ANNUAIRE_TOKEN (annuaire token new)")}
	}
	if a.url != "" {
		return strings.TrimSuffix(a.url, "/"), token, nil
	}
	cfg, err := a.load(c)
	if err != nil {
		return "", "", err
	}
	if cfg.Listen.HTTP == "" {
		return "", "", &usageError{errors.New("--url is needed: the configuration does not listen on HTTP")}
	}
	return "http://" + cfg.Listen.HTTP, token, nil
}

// call sends a request and decodes the answer into out, when there is any. tag is an If-Match.
func (a *authority) call(c *cobra.Command, method, path string, body any, tag string, out any) error {
	base, token, err := a.reach(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Context(), alertTime)
	defer cancel()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, sent)
	if err != nil {
		return &usageError{err}
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if tag != "" {
		req.Header.Set("If-Match", tag)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return annuaire.Errorf(annuaire.CodeUnavailable, "url", "le serveur ne répond pas : "+base, "the server does not answer: "+base, err)
	}
	defer res.Body.Close()
	if out, copies := out.(io.Writer); copies && res.StatusCode == http.StatusOK {
		_, err := io.Copy(out, res.Body)
		return err
	}
	answer, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err
	case res.StatusCode >= http.StatusBadRequest:
		return problem(res.StatusCode, answer)
	case out == nil || len(answer) == 0:
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("the answer of %s is not what was expected: %w", base, err)
	}
	return nil
}

// alertTime is how long a command waits for an answer; the list of who is not reached is the longest.
const alertTime = 10 * time.Minute
