package main

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"annuaire/api"
	"annuaire/internal/alert/dispatch"
	"annuaire/internal/cli"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/limits"
	"annuaire/internal/obs"
	"annuaire/internal/pipeline"
	"annuaire/internal/registry"
	"annuaire/internal/tlsfiles"
	"annuaire/ldapd"
	"annuaire/sync/run"
)

func serveCommand() *cobra.Command {
	var s settings
	c := &cobra.Command{
		Use:   "serve",
		Short: "answer over REST and LDAP",
		Long: `serve answers over REST and LDAP what the data directory holds, and takes commands (sync, check, search) on its control socket.
It looks at the sources of [sync] by itself when that has a schedule, and takes up again a run that a crash interrupted.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			log, level, err := newLogger(c.ErrOrStderr(), cfg)
			if err != nil {
				return cli.Usage(err)
			}
			d, err := directory.Open(cfg.Data)
			if err != nil {
				return err
			}
			d.KeepGenerations(cfg.Storage.KeepGenerations)
			srv, err := newServer(cfg, d, log)
			if err != nil {
				return errors.Join(err, d.Close())
			}
			srv.reloadable(level, func() (config.Config, error) { return s.load(c) })
			srv.banner(c.ErrOrStderr())
			return errors.Join(srv.run(c.Context()), d.Close())
		},
	}
	s.dataFlags(c)
	s.listenFlags(c)
	return c
}

// server is what serve and demo run.
type server struct {
	cfg             config.Config
	d               *directory.Directory
	log             *slog.Logger
	rest            *front
	ldap            *ldapd.Server
	ln              net.Listener // nil: no REST
	lns             net.Listener // nil: no REST with TLS
	ldapLn, ldapLns net.Listener // the same of LDAP
	control         net.Listener // nil: commands need the server stopped
	files           *tlsfiles.Files
	clients         *x509.CertPool // whose client certificates are believed; nil: nobody's
	*callers
	limiter  *limits.Limiter  // of all fronts together
	open     *api.Connections // of both REST fronts
	live     map[string]*obs.Component
	syncs    *run.Service
	registry *registry.Registry
	desk     *dispatch.Desk  // of alerts
	boxes    *mailboxService // what its fronts need
	people   *personalService
	ends     context.CancelFunc // the runs that go on by themselves
	*operation
}

func newServer(cfg config.Config, d *directory.Directory, log *slog.Logger) (*server, error) {
	s := &server{cfg: cfg, d: d, log: log, registry: registry.New(d, registry.Policy{}), live: map[string]*obs.Component{}}
	health := obs.NewHealth()
	for name := range d.Status() {
		s.live[name] = health.Register(name, true)
	}
	s.refresh()
	if err := s.certificate(); err != nil {
		return s, err
	}
	s.limiter, s.open = limits.New(nil), api.NewConnections(proxies(cfg))
	s.people = newPersonalService(cfg, d, s.registry, log)
	s.operation = newOperation(d, cfg, health, log)
	s.metrics.Register(s.people.outbox)
	var err error
	if s.callers, err = newCallers(cfg, d, s.limiter, s.metrics, log); err != nil {
		return s, err
	}
	if s.boxes, err = openMailboxes(context.Background(), cfg, s.registry, d, health); err != nil {
		return s, err
	}
	if s.ldap, err = ldapd.New(s.ldapOptions()); err != nil {
		return s, cli.Usage(err)
	}
	ctx, ends := context.WithCancel(context.Background())
	s.ends = ends
	if s.syncs, err = service(ctx, cfg, d, log, s.refresh); err != nil {
		ends()
		return s, err
	}
	s.syncs.Watch(s.watched)
	if s.desk, err = s.newDesk(); err != nil {
		ends()
		s.syncs.Wait()
		return s, err
	}
	s.rest = newFront(s)
	s.gauges()
	if err := s.listen(); err != nil {
		ends()
		s.syncs.Wait()
		return s, err
	}
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
	defer s.syncs.Wait() // the directory is not closed under a run
	defer s.ends()
	defer s.desk.Close()
	pipeline.Attend()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { s.operate(ctx); return nil })
	g.Go(func() error { s.d.Warm(); return nil })
	g.Go(func() error { every(ctx, anchorEvery, s.anchor); return nil })
	g.Go(func() error { s.keepRefusals(ctx); return nil })
	g.Go(func() error { return s.keepSynced(ctx) })
	g.Go(func() error { every(ctx, upkeepEvery, s.upkeep); return nil })
	g.Go(func() error { return s.desk.Run(ctx) })
	g.Go(func() error { every(ctx, eraseEvery, s.eraseRecipients); return nil })
	g.Go(func() error { return s.takeReports(ctx) })
	g.Go(func() error { every(ctx, listLook, s.boxes.lookAtList); return nil })
	g.Go(func() error { every(ctx, announceEvery, s.people.announce); return nil })
	g.Go(func() error { s.people.send(ctx); return nil })
	rest := api.ServeOptions{Logger: s.log, Connections: s.open,
		Drain: s.cfg.Limits.Budget() + 2*time.Second} // more than any question may take
	for _, ln := range []net.Listener{s.ln, s.lns} {
		if ln != nil {
			g.Go(func() error { return api.Serve(ctx, ln, s.rest, rest) })
		}
	}
	if s.ldapLn != nil {
		g.Go(func() error { return s.ldap.Serve(ctx, s.ldapLn) })
	}
	if s.ldapLns != nil {
		g.Go(func() error { return s.ldap.ServeTLS(ctx, s.ldapLns) })
	}
	g.Go(func() error {
		commands := map[string]control.Command{"sync": syncCommandOf(ctx, s.syncs, s.d), "decide": decideCommandOf(s.syncs, s.d), "sync-status": s.syncStatus,
			"check": checkCommandOf(s.d), "token": tokenCommandOf(s.d, s.tokens), "audit": auditCommandOf(s.d), "rejects": rejectsCommandOf(s.d)}
		if s.control == nil {
			return nil
		}
		if err := control.Serve(ctx, s.control, commands, withBackups(s.d, s.log, api.Local(s.rest))); err != nil {
			s.log.Error("the control socket is closed: sync, check and search need the server stopped", "error", err.Error())
		}
		return nil
	})
	return g.Wait()
}
