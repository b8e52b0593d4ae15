package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"annuaire/fixtures"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/obs"
	"annuaire/internal/store"
)

func demoCommand() *cobra.Command {
	var s settings
	people := 20_000
	c := &cobra.Command{
		Use:   "demo",
		Short: "make 20 000 people, import them, serve them and print what to try",
		Long:  "demo works in a temporary folder (or --data) and leaves nothing behind there. Everyone in it is made up: FORMATION.",
		Args:  args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			cfg.Mode = config.Training
			if !c.Flags().Changed("data") {
				if cfg.Data, err = os.MkdirTemp("", "annuaire-demo-"); err != nil {
					return err
				}
				defer os.RemoveAll(cfg.Data)
			}
			return demo(c, cfg, people)
		},
	}
	s.dataFlags(c)
	s.listenFlags(c)
	c.Flags().IntVar(&people, "people", people, "number of people")
	return c
}

func demo(c *cobra.Command, cfg config.Config, people int) error {
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
	show := newProgress(out)
	rep, err := doSync(c.Context(), d, syncRequest{From: []string{extracts}}, show.update)
	show.end()
	if err != nil && rep.Outcome != store.OutcomeUnchanged {
		return errors.Join(err, d.Close())
	}
	fmt.Fprintf(out, "%d people, %d structures, %d mailboxes, ready in %.1f s\n\n",
		rep.People.Created, rep.Structures.Created, rep.Mailboxes.Created, time.Since(start).Seconds())
	srv, err := newServer(cfg, d, log)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	srv.banner(c)
	srv.whatToTry(c)
	return errors.Join(srv.run(c.Context()), d.Close())
}

// whatToTry prints questions that have answers.
func (s *server) whatToTry(c *cobra.Command) {
	if s.ln == nil {
		return
	}
	fmt.Fprintln(c.ErrOrStderr(), "\ntry:")
	for _, q := range []string{
		"professionals?family=martin&profession=médecin&limit=3",
		"professionals?name=marie+du&department=Rhône&facets=profession,city",
		"professionals?specialty=cardiologie&region=Occitanie&fields=family,given,mailboxes",
		"structures?structure=pharmacie&city=Lyon",
		"mailboxes?kind=ORG&department=75",
	} {
		fmt.Fprintf(c.ErrOrStderr(), "  curl -s 'http://%s/v1/%s'\n", s.ln.Addr(), q)
	}
	fmt.Fprintf(c.ErrOrStderr(), "  annuaire search --data %s martin profession=infirmier\n(Ctrl-C stops and removes everything)\n", s.cfg.Data)
}
