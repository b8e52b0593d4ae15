package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"annuaire"
	"annuaire/internal/tlsfiles"
)

// Defaults of Options.
const (
	DefaultRetryFor = 20 * time.Minute
	DefaultFirst    = 15 * time.Second
	DefaultStall    = time.Minute
	DefaultMaxFile  = 4 << 30 // bytes; the largest real file is 0.9 GB
	minBytes        = 32 << 10
	maxRedirects    = 5
)

// Options is how to ask.
type Options struct {
	Dir      string        // where the folders of the sources are made
	CAFile   string        // PEM; authorities trusted beside those of the system: that of the ANS is private
	Hosts    []string      // hosts, with or without port, that a redirect may lead to, beside the one asked
	RetryFor time.Duration // how long a request is tried in all
	First    time.Duration // the first wait; each next one is twice as long, give or take half
	Stall    time.Duration // in which the head of an answer must come, and then at least 32 KiB each time
	MaxFile  int64         // bytes of one file
	Agent    string        // User-Agent
	Log      *slog.Logger  // nil: no log
	Progress func(done, total int64)
}

// Client asks sources. It is for one run at a time.
type Client struct {
	o    Options
	http *http.Client
}

// New makes a client. CodeInvalid for an authority file that cannot be used.
func New(o Options) (*Client, error) {
	o.RetryFor, o.First, o.Stall = cmp.Or(o.RetryFor, DefaultRetryFor), cmp.Or(o.First, DefaultFirst), cmp.Or(o.Stall, DefaultStall)
	o.MaxFile, o.Agent = cmp.Or(o.MaxFile, int64(DefaultMaxFile)), cmp.Or(o.Agent, "annuaire")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	roots, err := tlsfiles.Trusted(o.CAFile)
	if err != nil {
		return nil, annuaire.Errorf(annuaire.CodeInvalid, "sync.ca_file", "fichier d'autorités de certification illisible, ou sans certificat PEM",
			"the file of certification authorities cannot be read, or holds no PEM certificate", err)
	}
	c := &Client{o: o}
	c.http = &http.Client{CheckRedirect: c.redirect, Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: o.Stall}).DialContext, TLSHandshakeTimeout: o.Stall,
		ResponseHeaderTimeout: o.Stall, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DisableCompression:     true, // lengths and ranges are those of the file
		MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: 30 * time.Second}}
	return c, nil
}

// Close ends idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// redirect lets an answer lead to a known host only.
func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	from := via[0].URL
	switch to := req.URL; {
	case len(via) > maxRedirects:
		return refused("trop de redirections", "too many redirects")
	case from.Scheme == "https" && to.Scheme != "https":
		return refused("redirection de HTTPS vers HTTP refusée", "redirect from HTTPS to HTTP refused")
	case to.Host != from.Host && !c.known(to):
		return refused("redirection vers un hôte inconnu refusée : %s ([sync] allowed_hosts)", "redirect to an unknown host refused: %s ([sync] allowed_hosts)", to.Hostname())
	}
	return nil
}

func (c *Client) known(u *url.URL) bool {
	return slices.Contains(c.o.Hosts, u.Host) || slices.Contains(c.o.Hosts, u.Hostname())
}

// do sends one request. A failure of the network may pass; one of certificates, or a refused redirect, will not.
func (c *Client) do(ctx context.Context, method, raw string, header http.Header) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, raw, nil)
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", c.o.Agent)
	res, err := c.http.Do(req)
	if err == nil {
		return res, nil
	}
	var known *annuaire.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &known):
		return nil, known
	case errors.As(err, &cert):
		return nil, annuaire.Errorf(annuaire.CodeUnavailable, "from", "le certificat de la source n'est pas reconnu ([sync] ca_file)",
			"the certificate of the source is not trusted ([sync] ca_file)", cert)
	case ctx.Err() != nil && context.Cause(ctx) == context.Canceled:
		return nil, ctx.Err()
	}
	var u *url.Error
	if errors.As(err, &u) { // without the address, whose query may be nobody's business
		err = u.Err
	}
	return nil, &temporary{err: err}
}
