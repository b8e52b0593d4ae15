package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/control"
)

// remoteServer is the running server that a command asks: by the control socket of a data directory, or by an address with a token.
type remoteServer struct {
	s         settings
	server    string
	tokenFile string

	client *http.Client
	base   string
	token  string
}

func (r *remoteServer) flags(c *cobra.Command) {
	r.s.dataFlags(c)
	c.Flags().StringVar(&r.server, "server", "", "ask this server instead (https://annuaire.exemple.fr), with --token-file")
	c.Flags().StringVar(&r.tokenFile, "token-file", "", "file that holds the token, readable by you alone")
}

// reply is an answer that is no error.
type reply struct {
	header http.Header
	body   []byte
}

// maxToken bounds the file of a token, in bytes.
const maxToken = 4 << 10

func (r *remoteServer) dial(c *cobra.Command) error {
	if r.client != nil {
		return nil
	}
	if r.server == "" {
		cfg, err := r.s.load(c)
		if err != nil {
			return err
		}
		r.client, r.base = control.Client(socket(cfg)), "http://annuaire"
		return nil
	}
	u, err := url.Parse(r.server)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && ofThisMachine(u.Hostname())) {
		return &usageError{errors.New("--server: an https address is expected; a token is not sent in the clear")}
	}
	if r.tokenFile == "" {
		return &usageError{errors.New("--token-file is needed with --server")}
	}
	f, err := os.Open(r.tokenFile)
	if err != nil {
		return &usageError{err}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxToken))
	if err != nil {
		return &usageError{err}
	}
	r.client, r.base, r.token = &http.Client{}, strings.TrimSuffix(r.server, "/"), strings.TrimSpace(string(b))
	return nil
}

func ofThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// ask sends a request and reads its answer, whole. An answer that is no success is the error that it tells of.
func (r *remoteServer) ask(c *cobra.Command, method, path string, body io.Reader, headers ...string) (reply, error) {
	res, err := r.open(c, method, path, body, headers...)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return reply{res.Header, b}, err
}

// open is ask for an answer that is read as it comes.
func (r *remoteServer) open(c *cobra.Command, method, path string, body io.Reader, headers ...string) (*http.Response, error) {
	if err := r.dial(c); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(c.Context(), method, r.base+path, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := r.client.Do(req)
	switch {
	case errors.Is(err, control.ErrNoServer):
		return nil, annuaire.Errorf(annuaire.CodeUnavailable, "", "aucun service ne tourne sur ce dossier de données : annuaire serve", "no server runs on this data directory: annuaire serve", nil)
	case err != nil:
		return nil, err
	case res.StatusCode < 300:
		return res, nil
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	return nil, told(res.StatusCode, b)
}

// told is the error that a problem document tells of, with its rule.
func told(status int, body []byte) error {
	var p struct{ Type, Detail, Rule, Parameter string }
	if err := json.Unmarshal(body, &p); err != nil || p.Detail == "" {
		return fmt.Errorf("answer %d", status)
	}
	e := annuaire.Errorf(annuaire.Code(strings.TrimPrefix(p.Type, "/problems/")), p.Parameter, p.Detail, p.Detail, nil).Because(p.Rule)
	if p.Rule != "" {
		e.English += " (" + p.Rule + ")"
		e.Message = e.English
	}
	if e.Code == annuaire.CodeInvalid { // the command line is as it should be: it is the data that is not taken
		return &annuaire.InputError{Err: e}
	}
	return e
}
