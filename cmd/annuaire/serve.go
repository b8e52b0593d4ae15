package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"annuaire/api"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/obs"
)

func serveCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "serve",
		Short: "answer over REST",
		Long: `serve answers over REST what the data directory holds, and takes commands (sync, check, search) on its control socket.
--https, --ldap and --ldaps are accepted and not served yet: serve says so when it starts.`,
		Args: args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			log, err := obs.NewLogger(c.ErrOrStderr(), obs.Format(cfg.Log.Format), cfg.Log.Level)
			if err != nil {
				return &usageError{err}
			}
			d, err := directory.Open(cfg.Data)
			if err != nil {
				return err
			}
			srv, err := newServer(cfg, d, log)
			if err != nil {
				return errors.Join(err, d.Close())
			}
			srv.banner(c)
			return errors.Join(srv.run(c.Context()), d.Close())
		},
	}
	s.dataFlags(c)
	s.listenFlags(c)
	return c
}

// server is what serve and demo run.
type server struct {
	cfg  config.Config
	d    *directory.Directory
	log  *slog.Logger
	rest *api.Server
	ln   net.Listener // nil: no REST
	live map[string]*obs.Component
}

func newServer(cfg config.Config, d *directory.Directory, log *slog.Logger) (*server, error) {
	s := &server{cfg: cfg, d: d, log: log, live: map[string]*obs.Component{}}
	health := obs.NewHealth()
	for name := range d.Status() {
		s.live[name] = health.Register(name, true)
	}
	s.refresh()
	s.rest = api.New(api.Options{Directory: d, Health: health, Logger: log, Training: cfg.Mode == config.Training, Version: version})
	if cfg.Listen.HTTP == "" {
		return s, nil
	}
	ln, err := net.Listen("tcp", cfg.Listen.HTTP)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", cfg.Listen.HTTP, err)
	}
	s.ln = ln
	return s, nil
}

// refresh reports the state of the directory to /readyz.
func (s *server) refresh() {
	for name, err := range s.d.Status() {
		if err != nil {
			s.live[name].Set(obs.StateFailed, err.Error())
		} else {
			s.live[name].Set(obs.StateReady, "")
		}
	}
}

// run answers until ctx ends.
func (s *server) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	if s.ln != nil {
		g.Go(func() error { return api.Serve(ctx, s.ln, s.rest, api.ServeOptions{Logger: s.log}) })
	}
	g.Go(func() error {
		commands := map[string]control.Command{"sync": syncCommandOf(s.d, s.refresh), "check": checkCommandOf(s.d)}
		err := control.Serve(ctx, socket(s.cfg), commands, s.rest)
		if err != nil {
			s.log.Error("no control socket: sync, check and search need the server stopped", "error", err.Error())
			<-ctx.Done()
		}
		return nil
	})
	return g.Wait()
}

// banner says where to ask and how old the data is.
func (s *server) banner(c *cobra.Command) {
	w := c.ErrOrStderr()
	fmt.Fprintf(w, "annuaire %s, data in %s", version, s.cfg.Data)
	if s.cfg.Mode == config.Training {
		fmt.Fprint(w, " — FORMATION")
	}
	fmt.Fprintln(w)
	if s.ln != nil {
		fmt.Fprintf(w, "  REST   http://%s/v1/professionals\n", s.ln.Addr())
	}
	for name, addr := range map[string]string{"--https": s.cfg.Listen.HTTPS, "--ldap": s.cfg.Listen.LDAP, "--ldaps": s.cfg.Listen.LDAPS} {
		if addr != "" {
			fmt.Fprintf(w, "  %s is not served by this version\n", name)
		}
	}
	info, err := s.d.Info()
	switch {
	case err != nil || info.Extract.IsZero():
		fmt.Fprintf(w, "  no data yet: annuaire sync --data %s --from PATH\n", s.cfg.Data)
	default:
		fmt.Fprintf(w, "  data of %s, %s old\n", info.Extract.Format(time.RFC3339), age(time.Since(info.Extract)))
	}
}

// age is a duration as a person says it.
func age(d time.Duration) string {
	switch {
	case d < 0:
		return "0 h"
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
