package watch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"annuaire/internal/notify"
)

// Alarm is who is told that the data is stale. Settings may be replaced while it runs.
type Alarm struct {
	Limit     time.Duration // age from which data is stale; 0: never
	Heartbeat string        // address asked for while all is well; "": none
	Every     time.Duration // between heartbeats
	Mail      Mail
	Training  bool // says so in what it writes
}

// remindEvery is how often a stale state is said again.
const remindEvery = 24 * time.Hour

// Guard looks at the age of the data and tells who has to know: each change of state at once, a stale state again every day.
type Guard struct {
	w      *Watch
	client *http.Client

	alarm    Alarm
	stale    bool
	told     time.Time // when it was last said
	beat     time.Time
	owesMail string // what could not be sent yet: "stale", "fresh"
	awaiting string // the run that awaits approval, once that was said
	owesWait bool   // by mail
}

// Guard returns one; client sends heartbeats, nil for one with a timeout of ten seconds.
func (w *Watch) Guard(client *http.Client) *Guard {
	if client == nil {
		client = &http.Client{Timeout: 10 * time.Second}
	}
	return &Guard{w: w, client: client}
}

// Set replaces the settings.
func (g *Guard) Set(a Alarm) {
	g.alarm = a
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	g.w.limit = a.Limit
}

// Look looks once. It is called every minute or so, by one goroutine.
func (g *Guard) Look(ctx context.Context) error {
	s, err := g.w.Status()
	if err != nil {
		return err
	}
	now := g.w.opts.Now()
	if s.Stale != g.stale || s.Stale && now.Sub(g.told) >= remindEvery {
		g.say(s, now)
	}
	g.stale = s.Stale
	if s.Awaiting != g.awaiting {
		if g.owesWait = s.Awaiting != "" && len(g.alarm.Mail.To) > 0; s.Awaiting != "" {
			g.w.opts.Log.Warn("a run awaits the approval of a person", "run", s.Awaiting)
		}
		g.awaiting = s.Awaiting
	}
	var errs []error
	if g.owesWait {
		told, err := delivered(g.mailAwaiting(ctx, s))
		g.owesWait, errs = !told, append(errs, err)
	}
	if g.owesMail != "" {
		told, err := delivered(g.mail(ctx, s))
		if told { // else it is tried again at the next look
			g.owesMail = ""
		}
		errs = append(errs, err)
	}
	if g.alarm.Heartbeat != "" && !s.Stale && !s.Extract.IsZero() && s.Failure == "" && now.Sub(g.beat) >= g.alarm.Every {
		if err := g.heartbeat(ctx); err != nil {
			errs = append(errs, err)
		} else {
			g.beat = now
		}
	}
	return errors.Join(errs...)
}

// delivered reports whether a mail has reached somebody: who could not be written to is not worth telling the others every minute.
func delivered(err error) (told bool, _ error) {
	if err == nil {
		return true, nil
	}
	return errors.Is(err, notify.ErrSome), fmt.Errorf("alarm mail: %w", err)
}

func (g *Guard) say(s Status, now time.Time) {
	log := g.w.opts.Log.With("extract", s.Extract, "age_hours", int(s.Age/3600), "last_good", s.Good, "failure", s.Failure)
	if s.Stale {
		log.Error("the data is stale: no newer extract was taken in")
		g.owesMail = "stale"
	} else {
		log.Info("the data is fresh again")
		g.owesMail = "fresh"
	}
	g.told = now
	if len(g.alarm.Mail.To) == 0 {
		g.owesMail = ""
	}
}

// mailAwaiting asks for a person. The report of the gate may name people: it stays where it is.
func (g *Guard) mailAwaiting(ctx context.Context, s Status) error {
	return g.alarm.Mail.Send(ctx, g.subject("approbation attendue / approval needed: "+s.Awaiting),
		"La synchronisation "+s.Awaiting+" change plus que ce qui est admis sans une personne. Les données montrées restent celles d'avant.\n"+
			"Run "+s.Awaiting+" changes more than is admitted without a person. What is shown stays as it was.\n\n"+
			"annuaire sync status\nannuaire sync approve | abort --reason …\n")
}

func (g *Guard) subject(what string) string {
	if g.alarm.Training {
		what = "[FORMATION] " + what
	}
	return "Annuaire Santé : " + what
}

func (g *Guard) mail(ctx context.Context, s Status) error {
	subject, first := "données à jour de nouveau / data fresh again", "Les données sont de nouveau à jour. / The data is fresh again."
	if g.owesMail == "stale" {
		subject = fmt.Sprintf("données périmées / stale data: %d h", int(s.Age/3600))
		first = "Aucune extraction plus récente n'a été prise en compte. / No newer extract was taken in."
	}
	body := first + "\n\n" + fmt.Sprintf("extraction / extract: %s (%d h)\n", s.Extract.UTC().Format(time.RFC3339), int(s.Age/3600))
	if !s.Good.IsZero() {
		body += "dernière synchronisation réussie / last good run: " + s.Good.UTC().Format(time.RFC3339) + "\n"
	}
	if s.Failure != "" {
		body += "dernier échec / last failure: " + s.FailedAt.UTC().Format(time.RFC3339) + " " + s.Failure + "\n"
	}
	body += "\nannuaire sync status ; docs/OPERATIONS.md\n"
	return g.alarm.Mail.Send(ctx, g.subject(subject), body)
}

// heartbeat says that all is well to whoever alarms when that stops.
func (g *Guard) heartbeat(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.alarm.Heartbeat, nil)
	if err != nil {
		return errors.New("heartbeat: bad address")
	}
	res, err := g.client.Do(req)
	if err != nil {
		return errors.New("heartbeat: no answer") // the address may be a secret
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		return fmt.Errorf("heartbeat: answer %d", res.StatusCode)
	}
	return nil
}
