package watch

import (
	"maps"
	"time"

	"annuaire/internal/store"
)

// Status is how synchronisation does, the contract of `annuaire sync status --json`.
type Status struct {
	Running bool      `json:"running"`
	Run     string    `json:"run,omitempty"` // under way: the name it will have if it is recorded
	Since   time.Time `json:"since,omitzero"`
	Stage   string    `json:"stage,omitempty"`
	Done    int64     `json:"done,omitempty"`
	Total   int64     `json:"total,omitempty"` // 0: not known
	Unit    string    `json:"unit,omitempty"`
	Left    float64   `json:"left_seconds,omitempty"` // of the stage; 0: not known
	Elapsed float64   `json:"elapsed_seconds,omitempty"`

	Last     *store.Run         `json:"last"` // that was recorded
	Stages   map[string]float64 `json:"stages,omitempty"`
	Good     time.Time          `json:"last_good,omitzero"` // when a run last ended well, new data or not
	Failure  string             `json:"failure,omitempty"`  // of the last run, if it failed
	FailedAt time.Time          `json:"failed_at,omitzero"`

	Awaiting      string    `json:"awaiting_approval,omitempty"` // the run that a person has to approve or abort
	AwaitingSince time.Time `json:"awaiting_since,omitzero"`

	Extract time.Time `json:"extract,omitzero"` // that is shown
	Age     float64   `json:"age_seconds"`
	Stale   bool      `json:"stale"`
	Disk    Disk      `json:"disk"`
}

// Status returns it as it is now.
func (w *Watch) Status() (Status, error) {
	info, err := w.opts.Source.Info()
	if err != nil {
		return Status{}, err
	}
	waiting, isWaiting, err := w.opts.Source.Awaiting()
	if err != nil {
		return Status{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.opts.Now()
	s := Status{Last: w.last, Stages: maps.Clone(w.stages), Good: w.goodAt.UTC(), Failure: w.lastErr, FailedAt: w.failedAt.UTC(), Extract: info.Extract, Disk: w.disk}
	if isWaiting {
		s.Awaiting, s.AwaitingSince = waiting.ID, waiting.Started.UTC()
	}
	if !info.Extract.IsZero() {
		s.Age = now.Sub(info.Extract).Seconds()
		s.Stale = w.limit > 0 && now.Sub(info.Extract) > w.limit
	}
	if r := w.run; r != nil {
		s.Running, s.Run, s.Since, s.Elapsed = true, r.id, r.started.UTC(), now.Sub(r.started).Seconds()
		s.Stage, s.Done, s.Total, s.Unit = r.stage, r.done, r.total, r.unit
		if spent := now.Sub(r.stageSince).Seconds(); r.total > 0 && r.done > 0 && r.done <= r.total {
			s.Left = spent / float64(r.done) * float64(r.total-r.done)
		}
	}
	return s, nil
}
