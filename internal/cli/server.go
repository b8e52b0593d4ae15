package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/control"
)

// HeaderUser names, on the control socket, the person at the keyboard.
const HeaderUser = "X-Annuaire-User"

// Limits of what is read, in bytes.
const (
	maxAnswer  = 256 << 20 // of an answer that is read whole
	maxProblem = 1 << 20   // of one that is an error
	maxToken   = 4 << 10   // of a file with a token
)

// Server is the running server that a command asks: that of the data directory, through its control socket, as the owner of this machine; or
// one elsewhere over https, as whoever a token is of. There is no other way from a command to a server.
type Server struct {
	// Socket returns the path of the control socket.
	Socket func() (string, error)
	// AsHolder: who acts is whoever the token is of, through the socket too.
	AsHolder bool
	// Input: what the server finds wrong is what was to be taken in (exit code 4), not the command line.
	Input bool

	url, urlFlag, tokenFile string
}

// Flags adds the address of a server elsewhere, under the name that the command has for it, and --token-file.
func (s *Server) Flags(c *cobra.Command, urlFlag string) {
	s.urlFlag = "--" + urlFlag
	c.Flags().StringVar(&s.url, urlFlag, "", "https address of a server elsewhere (default: the one on this data directory)")
	c.Flags().StringVar(&s.tokenFile, "token-file", "", "file with the token of whoever acts (default: ANNUAIRE_TOKEN)")
}

// Answer is one that is no error, read whole.
type Answer struct {
	Header http.Header
	Body   []byte
}

// Ask sends a request and reads its answer. body is nil, an io.Reader, or what is sent as JSON; headers are names and values.
func (s *Server) Ask(ctx context.Context, method, path string, body any, headers ...string) (Answer, error) {
	res, err := s.Open(ctx, method, path, body, headers...)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		err = fmt.Errorf("answer: more than %d bytes", maxAnswer)
	}
	return Answer{res.Header, b}, err
}

// Get is Ask for an answer of JSON that is read into a value.
func (s *Server) Get(ctx context.Context, path string, into any) error {
	a, err := s.Ask(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(a.Body, into); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// Copy writes an answer as it comes.
func (s *Server) Copy(ctx context.Context, path string, to io.Writer) error {
	res, err := s.Open(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(to, res.Body); err != nil {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	return nil
}

// Open is Ask for an answer that is read as it comes; who asks closes it. The error of a problem document is the annuaire.Error that it tells
// of; where no server runs on the data directory, it is control.ErrNoServer, and CodeUnavailable with what to do.
func (s *Server) Open(ctx context.Context, method, path string, body any, headers ...string) (*http.Response, error) {
	client, base, token, err := s.reach()
	if err != nil {
		return nil, err
	}
	content, isJSON, err := reader(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, content)
	if err != nil {
		return nil, err
	}
	if isJSON {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if s.url == "" {
		req.Header.Set(HeaderUser, User())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	switch {
	case errors.Is(err, control.ErrNoServer):
		return nil, s.absent()
	case err != nil || res.StatusCode < 300:
		return res, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxProblem))
	if err != nil {
		return nil, err
	}
	err = Problem(res.StatusCode, b)
	if s.Input && annuaire.CodeOf(err) == annuaire.CodeInvalid {
		err = &annuaire.InputError{Err: err}
	}
	return nil, err
}

// reader is what a body is read from, and whether it is JSON made of a value.
func reader(body any) (io.Reader, bool, error) {
	switch v := body.(type) {
	case nil:
		return nil, false, nil
	case io.Reader:
		return v, false, nil
	}
	b, err := json.Marshal(body)
	return bytes.NewReader(b), true, err
}

// reach finds out whom to ask, and with which token.
func (s *Server) reach() (client *http.Client, base, token string, err error) {
	if token, err = s.token(); err != nil {
		return nil, "", "", err
	}
	if s.url == "" {
		path, err := s.Socket()
		return control.Client(path), "http://annuaire", token, err
	}
	u, err := url.Parse(s.url)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !ofThisMachine(u.Hostname())) {
		return nil, "", "", Usage(fmt.Errorf("%s: an https address is expected (got %q); a token is not sent in the clear", s.urlFlag, s.url))
	}
	if token == "" {
		return nil, "", "", Usage(fmt.Errorf("a token is needed with %s: --token-file or ANNUAIRE_TOKEN", s.urlFlag))
	}
	return http.DefaultClient, strings.TrimRight(s.url, "/"), token, nil
}

func ofThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// token is that of --token-file; else, where a token says who acts, that of the environment; "" for none.
func (s *Server) token() (string, error) {
	if s.tokenFile == "" {
		if s.url == "" && !s.AsHolder {
			return "", nil
		}
		return strings.TrimSpace(os.Getenv("ANNUAIRE_TOKEN")), nil
	}
	f, err := os.Open(s.tokenFile)
	if err != nil {
		return "", Usage(fmt.Errorf("--token-file: %w", err))
	}
	defer f.Close() // only read
	b, err := io.ReadAll(io.LimitReader(f, maxToken))
	if err != nil {
		return "", Usage(fmt.Errorf("--token-file: %w", err))
	}
	return strings.TrimSpace(string(b)), nil
}

// absentError is CodeUnavailable that is control.ErrNoServer too.
type absentError struct{ err error }

func (e absentError) Error() string        { return e.err.Error() }
func (e absentError) Unwrap() error        { return e.err }
func (e absentError) Is(target error) bool { return target == control.ErrNoServer }

func (s *Server) absent() error {
	where := "this data directory"
	if path, err := s.Socket(); err == nil {
		where = filepath.Dir(path)
	}
	return absentError{annuaire.Errorf(annuaire.CodeUnavailable, "", "aucun serveur ne tourne sur "+where+" : lancez annuaire serve",
		"no server runs on "+where+": start annuaire serve", nil)}
}

// User is the person at the keyboard, as this machine knows them.
func User() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "command line"
}
