package api

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// Limits of the feed.
const (
	changesBatch   = 500  // read at a time
	defaultChanges = 1000 // of one answer
	maxFollowers   = 100  // connections that follow the feed
	heartbeat      = 15 * time.Second
)

// changeLine is a line of the feed. A record that is gone, and a load, have no record.
type changeLine struct {
	Seq    uint64     `json:"seq"`
	At     *time.Time `json:"at"` // of the extract
	Run    string     `json:"run"`
	Kind   string     `json:"kind"`
	Change string     `json:"change"`
	ID     *string    `json:"id"`
	Record any        `json:"record"`
}

func lineOf(ch annuaire.Change) changeLine {
	l := changeLine{Seq: ch.Seq, At: instant(ch.Time), Run: ch.Run, Kind: string(ch.Kind), Change: string(ch.Op), ID: opt(ch.ID)}
	switch {
	case ch.Person != nil:
		l.Record = professional(annuaire.Item[annuaire.Professional]{Value: *ch.Person})
	case ch.Structure != nil:
		l.Record = structure(annuaire.Item[annuaire.Structure]{Value: *ch.Structure})
	case ch.Mailbox != nil:
		l.Record = mailbox(annuaire.Item[annuaire.Mailbox]{Value: *ch.Mailbox})
	}
	return l
}

// changes writes what changed since a sequence, as NDJSON, or follows as server-sent events.
func (s *Server) changes(c echo.Context, req *request) error {
	follow := strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/event-stream")
	since := req.first("since", "0")
	if last := c.Request().Header.Get("Last-Event-ID"); follow && last != "" {
		since = last
	}
	seq, err := strconv.ParseUint(since, 10, 64)
	if err != nil {
		return invalid("since", "« %s » n'est pas un numéro de changement.", "%q is not a change number.", echoed(since))
	}
	if follow {
		return s.follow(c, seq)
	}
	return s.someChanges(c, seq, req.number("limit", defaultChanges))
}

// someChanges writes up to n changes; the seq of the last line is where the client goes on.
func (s *Server) someChanges(c echo.Context, seq uint64, n int) error {
	out := newStream(c, mimeNDJSON)
	for n > 0 {
		batch, err := s.dir.Changes(c.Request().Context(), seq, min(n, changesBatch))
		if err != nil {
			return out.failed(err)
		}
		for _, ch := range batch {
			if err := out.line(lineOf(ch)); err != nil {
				return err
			}
			seq = ch.Seq
		}
		if n -= len(batch); len(batch) < changesBatch {
			break
		}
	}
	return out.end()
}

// follow sends changes as they come (WHATWG HTML, server-sent events), until the client leaves or the server stops.
func (s *Server) follow(c echo.Context, seq uint64) error {
	select {
	case s.followers <- struct{}{}:
		defer func() { <-s.followers }()
	default:
		return annuaire.Errorf(annuaire.CodeUnavailable, "", "trop de clients suivent déjà les changements", "too many clients follow the changes already", nil)
	}
	if _, err := s.dir.Changes(c.Request().Context(), seq, 1); err != nil { // while it can still be said
		return err
	}
	out := newStream(c, "text/event-stream")
	if err := out.text(": annuaire\n\n"); err != nil {
		return err
	}
	ctx, beat := c.Request().Context(), time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		news := s.dir.Committed() // before reading: what is committed between is not missed
		for {
			batch, err := s.dir.Changes(ctx, seq, changesBatch)
			if err != nil {
				return out.failed(err)
			}
			for _, ch := range batch {
				b, err := encode(lineOf(ch))
				if err != nil {
					return out.failed(err)
				}
				if err := out.text(fmt.Sprintf("id: %d\nevent: change\ndata: %s\n", ch.Seq, b)); err != nil {
					return err
				}
				seq = ch.Seq
			}
			if len(batch) < changesBatch {
				break
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.stop:
			return nil
		case <-news:
		case <-beat.C:
			if err := out.text(":\n\n"); err != nil {
				return err
			}
		}
	}
}
