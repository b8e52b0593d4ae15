package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"annuaire"
	"annuaire/fixtures"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/config"
	"annuaire/internal/demoidp"
	"annuaire/internal/directory"
	"annuaire/internal/obs"
	"annuaire/internal/store"
)

func demoCommand() *cobra.Command {
	var s settings
	people, idp := 20_000, demoIDP
	c := &cobra.Command{
		Use:   "demo",
		Short: "make 20 000 people, import them, serve them and print what to try",
		Long:  "demo works in a temporary folder (or --data) and leaves nothing behind there. Everyone in it is made up: FORMATION.",
		Args:  cobra.NoArgs,
		RunE: s.with(func(c *cobra.Command, cfg config.Config, _ []string) (err error) {
			cfg.Mode, cfg.Sync.Schedule = config.Training, "" // real people have no place in it
			if cfg.Listen.LDAP == "" && !c.Flags().Changed("ldap") {
				cfg.Listen.LDAP = demoLDAP
			}
			cfg.Alarm = config.Alarm{} // its extracts are of no day
			if !c.Flags().Changed("data") {
				if cfg.Data, err = os.MkdirTemp("", "annuaire-demo-"); err != nil {
					return err
				}
				defer os.RemoveAll(cfg.Data)
			}
			if cfg.Listen.HTTP == "" && cfg.Listen.HTTPS == "" { // nobody would be shown its tokens
				idp = ""
			}
			var ln net.Listener
			if idp != "" { // now: a wrong address is said before people are made
				if ln, err = demoidp.Listen(idp); err != nil {
					return cli.Usage(fmt.Errorf("--idp %s: %w", idp, err))
				}
				defer ln.Close()
			}
			return demo(c, cfg, people, ln)
		}),
	}
	s.dataFlags(c)
	s.listenFlags(c)
	c.Flags().StringVar(&idp, "idp", idp, "address of an identity provider that signs in anybody, on this machine alone (\"\" for none)")
	c.Flags().IntVar(&people, "people", people, "number of people")
	return c
}

// demoLDAP is where the demo answers over LDAP (DESIGN 7).
const demoLDAP = "127.0.0.1:3389"

func demo(c *cobra.Command, cfg config.Config, people int, idp net.Listener) error {
	out, start := c.ErrOrStderr(), time.Now()
	log, err := obs.NewLogger(out, obs.FormatText, "warn")
	if err != nil {
		return err
	}
	d, err := directory.Open(cfg.Data)
	if err != nil {
		return err
	}
	extracts := filepath.Join(cfg.Data, "extracts")
	fmt.Fprintf(out, "making extracts of %d people...\n", people)
	if _, err := fixtures.Generate(c.Context(), fixtures.Options{People: people, Seed: 1, Out: extracts}); err != nil {
		return errors.Join(err, d.Close())
	}
	fmt.Fprintln(out, "importing them...")
	p := show.NewProgress(out)
	rep, err := doSync(c.Context(), cfg, d, syncRequest{From: []string{extracts}}, p.Update)
	p.End()
	if err != nil && rep.Outcome != store.OutcomeUnchanged {
		return errors.Join(err, d.Close())
	}
	fmt.Fprintf(out, "%d people, %d structures, %d mailboxes, ready in %.1f s\n\n",
		rep.People.Created, rep.Structures.Created, rep.Mailboxes.Created, time.Since(start).Seconds())
	var vouching *identityProvider
	if idp != nil {
		if vouching, err = newIdentityProvider(idp, d, &cfg); err != nil {
			return errors.Join(err, d.Close())
		}
	}
	srv, err := newServer(cfg, d, log)
	if err != nil {
		if vouching != nil {
			err = errors.Join(err, vouching.close())
		}
		return errors.Join(err, d.Close())
	}
	srv.banner(c.ErrOrStderr())
	g, ctx := errgroup.WithContext(c.Context())
	if vouching != nil {
		fmt.Fprintf(out, "  OIDC   %s — FORMATION\n", vouching.Issuer())
		g.Go(func() error { return vouching.serve(ctx) })
	}
	srv.whatToTry(c)
	if vouching != nil && srv.ln != nil {
		vouching.whoToBe(ctx, out, srv)
	}
	end := "and removes everything"
	if c.Flags().Changed("data") {
		end = "and leaves the data in " + cfg.Data
	}
	fmt.Fprintf(out, "(Ctrl-C stops %s)\n", end)
	g.Go(func() error { return srv.run(ctx) })
	return errors.Join(g.Wait(), d.Close())
}

// questions are what demo suggests, each in words that get broader until there is an answer.
var questions = [][]string{
	{"professionals?q=cardiologue+lyon", "professionals?q=médecin+lyon", "professionals?q=médecin"},
	{"professionals?family=martin&profession=médecin&limit=3", "professionals?family=m&profession=médecin&limit=3"},
	{"professionals?name=marie+du&department=Rhône&facets=profession,city", "professionals?name=marie&facets=profession,city"},
	{"professionals?specialty=cardiologie&region=Occitanie&fields=family,given,mailboxes", "professionals?specialty=médecine&fields=family,given,mailboxes"},
	{"structures?structure=pharmacie&city=Lyon", "structures?structure=pharmacie", "structures?limit=3"},
	{"mailboxes?kind=ORG&department=75", "mailboxes?kind=ORG", "mailboxes?limit=3"},
}

// whatToTry prints questions that have answers.
func (s *server) whatToTry(c *cobra.Command) {
	if s.ln == nil {
		return
	}
	w := c.ErrOrStderr()
	fmt.Fprintln(w, "\ntry:")
	for _, wordings := range questions {
		for _, q := range wordings {
			if s.finds(c.Context(), "/v1/"+q) {
				fmt.Fprintf(w, "  curl -s 'http://%s/v1/%s'\n", s.ln.Addr(), q)
				break
			}
		}
	}
	fmt.Fprintf(w, "  annuaire search --data %s cardiologue lyon\n", s.cfg.Data)
	if s.ldapLn != nil {
		fmt.Fprintf(w, "  ldapsearch -x -H ldap://%s -b %s '(cn=*dup*)' cn mail\n", s.ldapLn.Addr(), s.cfg.LDAP.MailboxBase)
	}
	if _, secret, err := s.tokens.Create(annuaire.TokenRequest{Name: "demo", Roles: []annuaire.Role{annuaire.RoleReader}, Life: 24 * time.Hour, By: annuaire.LocalCaller(cli.User())}); err == nil {
		fmt.Fprintf(w, "  curl -s -H 'Authorization: Bearer %s' 'http://%s/v1/export/professionals?q=dentiste&format=csv'\n", secret, s.ln.Addr())
	}
}

// asks has the REST front answer a question, with a token or without.
func (s *server) asks(ctx context.Context, path, token string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		rec.Code = http.StatusBadRequest
		return rec
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	s.rest.ServeHTTP(rec, req)
	return rec
}

// finds reports whether a REST question finds somebody.
func (s *server) finds(ctx context.Context, path string) bool {
	var page struct{ Total int }
	return json.Unmarshal(s.asks(ctx, path, "").Body.Bytes(), &page) == nil && page.Total > 0
}
