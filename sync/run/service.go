package run

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

// maxReason bounds what a person gives as the reason of a decision, in characters.
const maxReason = 500

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
	return s.d.Ledger.SyncRuns(before, n)
}

// Run returns a run by its id ("latest": the last one); CodeNotFound.
func (s *Service) Run(_ context.Context, id string) (annuaire.SyncRun, error) { return find(s.d, id) }

func find(d *directory.Directory, id string) (annuaire.SyncRun, error) {
	r, ok, err := d.Ledger.SyncRun(id)
	if err == nil && !ok {
		err = annuaire.Errorf(annuaire.CodeNotFound, "run", "aucun passage de ce numéro", "there is no run of that number", nil)
	}
	return r, err
}

// Approve lets a run pass that awaits it, and applies it: exactly what its report says, or nothing. id is "" for the one that awaits.
// CodeConflict when it does not, CodePrecondition when its files are no longer what they were.
func (s *Service) Approve(ctx context.Context, id string, who annuaire.Decision, progress func(Progress)) (store.Run, error) {
	r, err := s.approvable(id, &who)
	if err != nil {
		return store.Run{}, err
	}
	return s.apply(ctx, r, progress, nil)
}

// StartApproved is Approve that goes on by itself.
func (s *Service) StartApproved(_ context.Context, id string, who annuaire.Decision) (annuaire.SyncRun, error) {
	r, err := s.approvable(id, &who)
	if err != nil {
		return r, err
	}
	return s.start(func(ctx context.Context, begun func(annuaire.SyncRun)) error {
		_, err := s.apply(ctx, r, nil, begun)
		return err
	})
}

func (s *Service) apply(ctx context.Context, r annuaire.SyncRun, progress func(Progress), begun func(annuaire.SyncRun)) (store.Run, error) {
	rep, err := s.Do(ctx, Options{From: r.From, AllowOlder: true, Trigger: r.Trigger, By: r.By, Progress: progress, resumed: &r, begun: begun})
	if err == nil && rep.Outcome == store.OutcomeAwaiting {
		err = annuaire.Errorf(annuaire.CodeConflict, "run", "les changements ne sont plus ceux qui ont été approuvés ; relisez le rapport",
			"the changes are no longer those that were approved; read the report again", nil)
	}
	return rep, err
}

// approvable returns the run with the decision on it.
func (s *Service) approvable(id string, who *annuaire.Decision) (annuaire.SyncRun, error) {
	r, err := s.decidable(id, who)
	switch {
	case err != nil:
		return r, err
	case r.State != annuaire.RunAwaiting && !halfway(r):
		return r, annuaire.Errorf(annuaire.CodeConflict, "run", "le passage "+r.ID+" n'attend pas d'approbation : "+string(r.State),
			"run "+r.ID+" does not await approval: "+string(r.State), nil)
	}
	if i := slices.IndexFunc(r.Files, func(f annuaire.SyncFile) bool { return identity(f.Path) != f.Identity }); i >= 0 || len(r.Files) == 0 {
		return r, annuaire.Errorf(annuaire.CodePrecondition, "run", "les fichiers du passage "+r.ID+" ont changé ou disparu ; relancez annuaire sync",
			"the files of run "+r.ID+" have changed or gone; run annuaire sync again", nil)
	}
	who.Approved = true
	r.Decision = who
	return r, nil
}

// halfway tells a run that was being applied, approved, when the process ended.
func halfway(r annuaire.SyncRun) bool {
	return r.State == annuaire.RunInterrupted && r.Gate != nil && r.Gate.Closed
}

// decidable returns the run that a person decides about, once the decision is complete.
func (s *Service) decidable(id string, who *annuaire.Decision) (r annuaire.SyncRun, err error) {
	if n := utf8.RuneCountInString(who.Reason); n == 0 || n > maxReason {
		return r, annuaire.Invalid("reason", "un motif de 1 à %d caractères est attendu", "a reason of 1 to %d characters is expected", maxReason)
	}
	who.At = time.Now().UTC().Truncate(time.Second)
	if id != "" {
		return find(s.d, id)
	}
	r, ok, err := s.d.Ledger.Awaiting()
	if err == nil && !ok {
		if last, lerr := s.d.Ledger.SyncRuns("", 1); lerr == nil && len(last) > 0 && halfway(last[0]) {
			return last[0], nil
		}
	}
	if err == nil && !ok {
		err = annuaire.Errorf(annuaire.CodeNotFound, "run", "aucun passage n'attend d'approbation", "no run awaits approval", nil)
	}
	return r, err
}

// Abort ends a run that awaits approval, is running, or was interrupted and would be taken up again. CodeConflict for any other, and for
// one that was published before it could be stopped.
func (s *Service) Abort(ctx context.Context, id string, who annuaire.Decision) (annuaire.SyncRun, error) {
	r, err := s.decidable(id, &who)
	if err != nil {
		return r, err
	}
	who.Approved = false
	s.mu.Lock()
	now := s.now
	running := now != nil && now.id == r.ID
	s.mu.Unlock()
	if running {
		now.cancel(&abortion{who})
		select {
		case <-now.ended:
		case <-ctx.Done():
			return r, ctx.Err()
		}
		if r, err = find(s.d, r.ID); err != nil || r.State == annuaire.RunAborted {
			return r, err
		}
		return r, tooLate(r)
	}
	if r.State != annuaire.RunAwaiting && r.State != annuaire.RunInterrupted {
		return r, tooLate(r)
	}
	unlock, err := s.d.Lock("abort of run " + r.ID)
	if err != nil {
		return r, err
	}
	defer unlock()
	r.State, r.Decision, r.Ended = annuaire.RunAborted, &who, who.At
	return r, s.d.Ledger.PutSyncRun(r)
}

func tooLate(r annuaire.SyncRun) error {
	return annuaire.Errorf(annuaire.CodeConflict, "run", "le passage "+r.ID+" ne peut plus être abandonné : "+string(r.State),
		"run "+r.ID+" cannot be aborted any more: "+string(r.State), nil)
}
