package run

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"annuaire"
	"annuaire/internal/store"
)

// maxReason bounds what a person gives as the reason of a decision, in characters.
const maxReason = 500

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
