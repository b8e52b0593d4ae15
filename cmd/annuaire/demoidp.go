package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/demoidp"
	"annuaire/internal/directory"
)

// demoIDP is where the identity provider of the demo answers.
const demoIDP = "127.0.0.1:8081"

// identityProvider is that of the demo: everyone in the directory can sign in, without a password.
type identityProvider struct {
	*demoidp.Provider
	ln     net.Listener
	secret string // the file with our secret at its introspection
}

// newIdentityProvider answers on ln, and adds the provider to the settings.
func newIdentityProvider(ln net.Listener, d *directory.Directory, cfg *config.Config) (*identityProvider, error) {
	p, err := demoidp.New("http://"+ln.Addr().String(), func(id string) (demoidp.Person, bool) {
		it, err := d.Professional(context.Background(), id)
		return demoidp.Person{ID: it.Value.ID, Family: it.Value.Family, Given: it.Value.Given}, err == nil && it.Value.ID == id
	})
	if err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	f, err := os.CreateTemp(cfg.Data, "idp-secret-*") // 0600
	if err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	_, err = f.WriteString(demoidp.Secret + "\n")
	idp := &identityProvider{p, ln, f.Name()}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(err, idp.close())
	}
	cfg.OIDC = append(cfg.OIDC, config.OIDC{Name: "formation", Issuer: p.Issuer(), ClientIDs: []string{demoidp.Client}, Ask: "introspection",
		ClientID: demoidp.Client, ClientSecretFile: f.Name()})
	return idp, nil
}

func (p *identityProvider) close() error { return errors.Join(p.ln.Close(), os.Remove(p.secret)) }

// serve answers until ctx ends.
func (p *identityProvider) serve(ctx context.Context) error {
	return errors.Join(p.Serve(ctx, p.ln), os.Remove(p.secret))
}

// own are addresses of a professional, the most telling first: which of them there are depends on what is served.
var own = []string{"/v1/me/mailboxes", "/v1/me/delegations", "/v1/me/account", "/v1/me/eligibility"}

// whoToBe prints how to sign in as somebody who has a mailbox, and what to ask then.
func (p *identityProvider) whoToBe(ctx context.Context, w io.Writer, s *server) {
	page, err := s.d.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.Equals(annuaire.FieldHasMailbox, "true"), Limit: 20})
	if err != nil {
		return
	}
	for _, it := range page.Items {
		who := it.Value
		raw, err := p.Token(who.ID, nil)
		if err != nil || len(who.ID) != 12 || who.ID[0] != '8' {
			continue
		}
		fmt.Fprintf(w, "\nas a professional (FORMATION: %s %s; any other RPPS does, without a password):\n", who.Given, who.Family)
		fmt.Fprintf(w, "  TOKEN=$(curl -s -d username=%s %s/token | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n", who.ID, p.Issuer())
		for _, path := range own {
			if s.asks(ctx, path, raw).Code == http.StatusOK {
				fmt.Fprintf(w, "  curl -s -H \"Authorization: Bearer $TOKEN\" 'http://%s%s'\n", s.ln.Addr(), path)
			}
		}
		fmt.Fprintf(w, "  curl -s -u %s:%s -d token=$TOKEN %s/introspect\n", demoidp.Client, demoidp.Secret, p.Issuer())
		return
	}
}
