package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/internal/obs"
	"annuaire/internal/systemd"
	"annuaire/internal/watch"
)

// operation is what a server needs to be operated: watched, reloaded, told about.
type operation struct {
	metrics *obs.Metrics
	health  *obs.Health
	watch   *watch.Watch
	guard   *watch.Guard
	disk    *obs.Component
	notify  systemd.Notifier
	hup     chan os.Signal
	level   *slog.LevelVar                   // nil: the level of the log is fixed
	load    func() (config.Config, error)    // reads the settings again; nil: SIGHUP ends the process
	reloads struct{ at, good atomicSeconds } // of the settings
}

func newOperation(d *directory.Directory, cfg config.Config, health *obs.Health, log *slog.Logger) *operation {
	o := &operation{hup: make(chan os.Signal, 1), metrics: obs.NewMetrics(version), health: health, disk: health.Register("disk", false), notify: systemd.FromEnvironment(os.Getenv)}
	o.watch = watch.New(watch.Options{Source: watched{d}, Log: log, Dir: cfg.Data})
	o.guard = o.watch.Guard(nil)
	o.guard.Set(alarmOf(cfg))
	o.metrics.Register(o.watch, health)
	return o
}

func alarmOf(cfg config.Config) watch.Alarm {
	a := cfg.Alarm
	return watch.Alarm{Limit: a.Limit(), Heartbeat: a.HeartbeatURL, Every: a.Every(), Training: cfg.Mode == config.Training,
		Mail: watch.Mail{Relay: a.SMTP, From: a.MailFrom, To: a.MailTo, User: a.SMTPUser, PasswordFile: a.SMTPPasswordFile}}
}

// newLogger returns a logger as the settings say, with a level that a reload may change.
func newLogger(w io.Writer, cfg config.Config) (*slog.Logger, *slog.LevelVar, error) {
	lv, err := obs.ParseLevel(cfg.Log.Level)
	if err != nil {
		return nil, nil, err
	}
	level := new(slog.LevelVar)
	level.Set(lv)
	log, err := obs.NewLoggerAt(w, obs.Format(cfg.Log.Format), level)
	return log, level, err
}

// lookEvery is how often the service looks at itself.
const lookEvery = time.Minute

// operate watches over the service until ctx ends: disk, age of the data, length of the log, signals.
func (s *server) operate(ctx context.Context) {
	defer signal.Stop(s.hup)
	var dog sync.WaitGroup
	defer dog.Wait()
	dog.Go(func() {
		s.notify.Watchdog(ctx, s.alive, func(err error) {
			s.log.Error("the control search fails: the watchdog is not fed", "error", err.Error())
		})
	})
	dog.Go(func() { s.repair(ctx) })
	s.tell(s.notify.Ready(s.inOneLine()))
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	s.look(ctx)
	news := s.d.Committed()
	s.count()
	shown := s.shownRun()
	for {
		select {
		case <-ctx.Done():
			s.tell(s.notify.Stopping())
			return
		case <-s.hup:
			s.tell(s.notify.Reloading())
			s.reload()
			s.tell(s.notify.Ready(s.inOneLine()))
		case <-news:
			news = s.d.Committed()
			if s.shownRun() == shown { // a registration: to count after each would cost more than it
				continue
			}
			s.prune()
		case <-tick.C:
			s.refresh()
		}
		s.look(ctx)
		s.count()
		shown = s.shownRun()
	}
}

// shownRun is the run whose state is shown, "" for none.
func (s *server) shownRun() string {
	info, err := s.d.Info()
	if err != nil {
		return ""
	}
	return info.Run
}

// repair builds the indexes again when they are all that is missing: after an upgrade that changed their format, or when their files were lost.
func (s *server) repair(ctx context.Context) {
	name, ok := s.d.Repairable()
	if !ok {
		return
	}
	s.log.Warn("the indexes are built again from the records", "generation", name)
	s.live["index"].Set(obs.StateStarting, "the indexes are built again from the records")
	if err := s.d.Reindex(ctx, name, 0, nil); err != nil {
		s.log.Error("the indexes could not be built again: run annuaire sync", "error", err.Error())
	}
	s.refresh()
}

// look looks at what changes by itself.
func (s *server) look(ctx context.Context) {
	d := s.watch.LookAtDisk()
	switch min := int64(s.cfg.Storage.MinFreeMB) << 20; {
	case d.Problem != "":
		s.disk.Set(obs.StateDegraded, d.Problem+": syncs and writes fail, searches are answered")
	case d.Free < min:
		s.disk.Set(obs.StateDegraded, fmt.Sprintf("%d MB free, less than storage.min_free_mb", d.Free>>20))
	default:
		s.disk.Set(obs.StateReady, "")
	}
	if err := s.guard.Look(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("alarm", "error", err.Error())
	}
	s.tell(s.notify.Status(s.inOneLine()))
}

// prune drops what the log need not keep any longer.
func (s *server) prune() {
	keep := s.cfg.Feed.Keep()
	if keep == 0 {
		return
	}
	if err := s.d.PruneRejects(time.Now().Add(-keep)); err != nil {
		s.log.Error("old rejects could not be removed", "error", err.Error())
	}
	n, err := s.d.Prune(time.Now().Add(-keep))
	if err != nil {
		s.log.Error("the log of changes could not be shortened", "error", err.Error())
	} else if n > 0 {
		s.log.Info("the log of changes was shortened", "dropped", n)
	}
}

func (s *server) count() {
	if err := s.watch.Count(); err != nil {
		s.log.Error("records could not be counted", "error", err.Error())
	}
}

// alive is the control search of the watchdog. A service that has nothing to show yet is alive.
func (s *server) alive(ctx context.Context) error {
	_, err := s.d.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.Prefix(annuaire.FieldFamily, "ma"), Limit: 1})
	if annuaire.CodeOf(err) == annuaire.CodeUnavailable {
		return nil
	}
	return err
}

// inOneLine is how the service does, for systemctl status.
func (s *server) inOneLine() string {
	st, err := s.watch.Status()
	switch {
	case err != nil:
		return "no answer from the store"
	case st.Running:
		return "sync: " + st.Stage
	case st.Extract.IsZero():
		return "no data yet"
	case st.Failure != "":
		return "data of " + st.Extract.Format(time.RFC3339) + ", last sync failed"
	}
	return "data of " + st.Extract.Format(time.RFC3339)
}

// tell logs that the service manager could not be told.
func (s *server) tell(err error) {
	if err != nil {
		s.log.Warn("the service manager does not listen", "error", err.Error())
	}
}
