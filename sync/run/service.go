package run

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// Service runs the syncs of a directory, one at a time, and takes what people decide about them. Safe for concurrent use.
type Service struct {
	d     *directory.Directory
	log   *slog.Logger
	ctx   context.Context // of the runs that nobody waits for
	after func()
	watch func(id string) (progress func(Progress), end func(store.Run, error)) // nil: nobody
	wait  sync.WaitGroup

	mu       sync.Mutex
	settings Settings
	now      *underway // nil: nothing runs
}

// underway is the run under way.
type underway struct {
	id       string
	ctx      context.Context
	cancel   context.CancelCauseFunc
	progress Progress
	ended    chan struct{}
}

// NewService makes a service. ctx ends the runs that it starts by itself; after, if not nil, is called after each run; Wait waits for
// the last one.
func NewService(ctx context.Context, d *directory.Directory, s Settings, log *slog.Logger, after func()) *Service {
	if after == nil {
		after = func() {}
	}
	return &Service{d: d, log: log, ctx: ctx, after: after, settings: s}
}

// Watch has somebody look on at every run: fn is called when one begins, what it returns with its progress and its end. Before the first run.
func (s *Service) Watch(fn func(id string) (progress func(Progress), end func(store.Run, error))) {
	s.watch = fn
}

// Configure has the next runs go by other settings.
func (s *Service) Configure(to Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = to
}

// Settings are those of the next run.
func (s *Service) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

// Wait returns when nothing runs any more.
func (s *Service) Wait() { s.wait.Wait() }

// Progress returns the run under way and how far it is; ok is false when there is none.
func (s *Service) Progress() (id string, p Progress, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return "", Progress{}, false
	}
	return s.now.id, s.now.progress, true
}

// Do runs a sync to its end: see Sync. Settings of o are those of the service.
func (s *Service) Do(ctx context.Context, o Options) (store.Run, error) {
	s.wait.Add(1)
	defer s.wait.Done()
	defer s.after()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	u := &underway{ctx: ctx, cancel: cancel, ended: make(chan struct{})}
	o.Settings = s.Settings()
	o.Fetch.Log = s.log
	watch, begun := o.Progress, o.begun
	var looking func(Progress)
	var ended func(store.Run, error)
	o.Progress = func(p Progress) {
		s.mu.Lock()
		u.progress = p
		s.mu.Unlock()
		if watch != nil {
			watch(p)
		}
		if looking != nil {
			looking(p)
		}
	}
	o.begun = func(r annuaire.SyncRun) {
		s.mu.Lock()
		u.id = r.ID
		s.mu.Unlock()
		if begun != nil {
			begun(r)
		}
	}
	if o.resumed != nil {
		u.id = o.resumed.ID
	}
	s.mu.Lock()
	if s.now == nil { // else Sync says who runs
		s.now = u
		defer func() {
			s.mu.Lock()
			s.now = nil
			s.mu.Unlock()
			close(u.ended)
		}()
	}
	mine := s.now == u
	s.mu.Unlock()
	if mine && s.watch != nil {
		id := u.id
		if id == "" {
			var err error
			if id, err = s.d.Ledger.NextRun(); err != nil {
				return store.Run{}, err
			}
		}
		looking, ended = s.watch(id)
	}
	rep, err := Sync(ctx, s.d, o)
	if ended != nil {
		ended(rep, err)
	}
	s.tell(o, rep, err)
	return rep, err
}

// tell logs how a run ended.
func (s *Service) tell(o Options, rep store.Run, err error) {
	attrs := []any{"run", rep.ID, "trigger", string(o.Trigger), "outcome", string(rep.Outcome), "seconds", rep.Seconds,
		"people", rep.People.Total(), "structures", rep.Structures.Total(), "mailboxes", rep.Mailboxes.Total(), "rejected", rep.Rejected}
	switch {
	case err != nil:
		s.log.Error("sync failed", append(attrs, "error", err.Error())...)
	case rep.Outcome == store.OutcomeAwaiting:
		s.log.Warn("sync awaits approval: annuaire sync approve or abort", attrs...)
	default:
		s.log.Info("sync", attrs...)
	}
}

// Start begins a sync that goes on by itself, and returns it as recorded. CodeConflict when one is running.
func (s *Service) Start(_ context.Context, o Options) (annuaire.SyncRun, error) {
	o.Record = true
	return s.start(func(ctx context.Context, begun func(annuaire.SyncRun)) error {
		o.begun = begun
		_, err := s.Do(ctx, o)
		return err
	})
}

// start waits until do has begun, or failed before.
func (s *Service) start(do func(context.Context, func(annuaire.SyncRun)) error) (annuaire.SyncRun, error) {
	began, failed := make(chan annuaire.SyncRun, 1), make(chan error, 1)
	s.wait.Go(func() {
		failed <- do(s.ctx, func(r annuaire.SyncRun) { began <- r })
	})
	select {
	case r := <-began:
		return r, nil
	case err := <-failed:
		select {
		case r := <-began: // so short that it has ended
			return r, nil
		default:
			return annuaire.SyncRun{}, err
		}
	}
}

// Runs lists up to n runs, the newest first, that came before one.
func (s *Service) Runs(_ context.Context, before string, n int) ([]annuaire.SyncRun, error) {
	runs, err := s.d.Ledger.SyncRuns(before, n)
	for i := range runs {
		runs[i] = s.told(runs[i])
	}
	return runs, err
}

// Run returns a run by its id ("latest": the last one); CodeNotFound.
func (s *Service) Run(_ context.Context, id string) (annuaire.SyncRun, error) {
	r, err := find(s.d, id)
	return s.told(r), err
}

// told is a run as others are to see it: what is committed as published is still running until every view has it.
func (s *Service) told(r annuaire.SyncRun) annuaire.SyncRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.State == annuaire.RunPublished && s.now != nil && s.now.id == r.ID {
		r.State, r.Ended = annuaire.RunRunning, time.Time{}
	}
	return r
}

func find(d *directory.Directory, id string) (annuaire.SyncRun, error) {
	r, ok, err := d.Ledger.SyncRun(id)
	if err == nil && !ok {
		err = annuaire.Errorf(annuaire.CodeNotFound, "run", "aucun passage de ce numéro", "there is no run of that number", nil)
	}
	return r, err
}
