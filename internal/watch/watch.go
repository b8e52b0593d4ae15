package watch

import (
	"errors"
	"log/slog"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Source is where Watch looks. Its methods are called from several goroutines.
type Source interface {
	Info() (store.Info, error)               // what is shown; zero when there is nothing
	LastRun() (store.Run, bool, error)       // the last run that was recorded
	Records() (map[annuaire.Kind]int, error) // how many there are; may take a second
	Window() (store.Window, error)           // of the log
	Awaiting() (run annuaire.SyncRun, ok bool, err error)
}

// Options are what a Watch is made of.
type Options struct {
	Source Source
	Log    *slog.Logger     // nil: no log
	Dir    string           // the data directory
	Now    func() time.Time // nil: time.Now
}

// Watch follows one data directory. Safe for concurrent use.
type Watch struct {
	opts Options

	mu       sync.Mutex
	run      *Run // under way, nil for none
	stages   map[string]float64
	last     *store.Run
	lastErr  string
	failedAt time.Time
	goodAt   time.Time
	outcomes map[string]int
	records  map[annuaire.Kind]int
	disk     Disk
	limit    time.Duration // age from which data is stale, 0 for never
}

// New returns a Watch that knows what the log knows.
func New(o Options) *Watch {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := &Watch{opts: o, stages: map[string]float64{}, outcomes: map[string]int{}, records: map[annuaire.Kind]int{}}
	if last, ok, err := o.Source.LastRun(); err == nil && ok {
		w.last, w.goodAt = &last, last.Started
	}
	return w
}

// Run is a run that is under way.
type Run struct {
	w          *Watch
	id         string
	started    time.Time
	stage      string
	stageSince time.Time
	done       int64
	total      int64
	unit       string
	stages     map[string]float64 // seconds of those that have ended
}

// Begin says that a run begins; id is what it will be called if it is recorded. Exactly one End follows.
func (w *Watch) Begin(id string) *Run {
	now := w.opts.Now()
	r := &Run{w: w, id: id, started: now, stageSince: now, stages: map[string]float64{}}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.run == nil { // a second one is about to be refused
		w.run = r
	}
	w.opts.Log.Info("sync begins", "run", id)
	return r
}

// Progress says how far it is. total is 0 when it is not known.
func (r *Run) Progress(stage string, done, total int64, unit string) {
	r.w.mu.Lock()
	defer r.w.mu.Unlock()
	if stage != r.stage {
		r.leave()
		r.stage = stage
		r.w.opts.Log.Info("sync stage", "run", r.id, "stage", stage)
	}
	r.done, r.total, r.unit = done, total, unit
}

// leave notes how long the stage took. A stage that is come back to adds up.
func (r *Run) leave() {
	now := r.w.opts.Now()
	if r.stage != "" {
		r.stages[r.stage] += now.Sub(r.stageSince).Seconds()
	}
	r.stageSince = now
}

// End says how it ended.
func (r *Run) End(rep store.Run, err error) {
	w := r.w
	w.mu.Lock()
	defer w.mu.Unlock()
	r.leave()
	if w.run == r {
		w.run = nil
	}
	outcome := outcomeOf(rep, err)
	w.outcomes[outcome]++
	log := w.opts.Log.With("run", r.id, "outcome", outcome, "seconds", w.opts.Now().Sub(r.started).Seconds())
	if err != nil {
		if annuaire.CodeOf(err) != annuaire.CodeConflict { // one that was refused says nothing of the other
			w.lastErr, w.failedAt = err.Error(), w.opts.Now()
		}
		log.Error("sync ends", "error", err.Error())
		return
	}
	log.Info("sync ends", "extract", rep.Extract, "rejected", rep.Rejected, "people", rep.People.Total(), "structures", rep.Structures.Total(), "mailboxes", rep.Mailboxes.Total())
	if rep.Outcome == store.OutcomeDryRun || rep.Outcome == store.OutcomeAwaiting { // nothing came of it yet
		return
	}
	w.goodAt, w.lastErr, w.failedAt, w.stages = w.opts.Now(), "", time.Time{}, r.stages
	if rep.Outcome != store.OutcomeUnchanged || rep.ID != "" {
		w.last = &rep
	}
}

// outcomeOf is the outcome of a run, also of one that brought nothing because something was wrong.
func outcomeOf(rep store.Run, err error) string {
	var input *annuaire.InputError
	switch {
	case err == nil:
		return string(rep.Outcome)
	case errors.As(err, &input):
		return "rejected" // the extracts
	case annuaire.CodeOf(err) == annuaire.CodeConflict:
		return "refused" // another run was under way
	}
	return "failed"
}

// Count reads how many records there are. It is for after a run: it may take a second.
func (w *Watch) Count() error {
	n, err := w.opts.Source.Records()
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.records = n
	return nil
}
