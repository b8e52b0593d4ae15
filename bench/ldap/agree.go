package main

import (
	"context"
	"errors"
	"slices"
	"time"
)

// agreement is how far the two servers gave the same answers to a question.
type agreement struct {
	asked int // values asked of both
	whole int // of which neither answer was cut by a limit
	same  int // of whole: as many entries
	names int // of whole: the same entries
	more  int // of whole: we gave more entries
	fewer int // of whole: slapd did
	cut   int // of the others: as many entries, though cut

	strict int // of those whole and not of the same entries: the same when we match as RFC 4517 has it
	differ []difference
}

// difference is a request that found other entries here than there.
type difference struct {
	request request
	slapd   []string
}

// answer is an outcome with the names of its entries.
type answer struct {
	outcome
	names []string // in order of the alphabet
}

func (g *agreement) add(r request, ours, theirs answer) {
	g.asked++
	if !ours.whole() || !theirs.whole() {
		if ours.entries == theirs.entries {
			g.cut++
		}
		return
	}
	g.whole++
	switch {
	case ours.entries > theirs.entries:
		g.more++
	case ours.entries < theirs.entries:
		g.fewer++
	default:
		g.same++
	}
	if slices.Equal(ours.names, theirs.names) {
		g.names++
	} else {
		g.differ = append(g.differ, difference{r, theirs.names})
	}
}

// agreeWithin bounds how long both are asked one question to see whether they agree; a few values are always asked.
const (
	agreeWithin  = 20 * time.Second
	agreeAtLeast = 3
)

// agree asks both servers each question once with its values: to compare, and to warm up.
func (s *session) agree(ctx context.Context) error {
	s.res.kinds = make([]kindResult, len(s.questions))
	for i, q := range s.questions {
		r := &s.res.kinds[i]
		*r = kindResult{question: q.question, values: len(q.requests), turns: map[int]pair{}}
		begun := time.Now()
		for k, req := range q.requests {
			if k >= agreeAtLeast && time.Since(begun) > agreeWithin {
				break
			}
			var answers []answer
			for _, srv := range s.servers() {
				a, err := answerOf(ctx, srv, req)
				if err != nil {
					return err
				}
				answers = append(answers, a)
			}
			if len(answers) == 2 {
				r.agreement.add(req, answers[0], answers[1])
			}
			r.found = append(r.found, answers[0].entries)
		}
	}
	if s.slapd == nil {
		return ctx.Err()
	}
	return errors.Join(ctx.Err(), s.explain(ctx))
}

// explain asks what the servers disagreed about of ours again, this time without its leniencies.
func (s *session) explain(ctx context.Context) error {
	err := s.reopen(ctx, "ANNUAIRE_LDAP_STRICT=true")
	for i := range s.res.kinds {
		g := &s.res.kinds[i].agreement
		for _, d := range g.differ {
			if err != nil {
				return err
			}
			var a answer
			if a, err = answerOf(ctx, s.ours, d.request); err == nil && slices.Equal(a.names, d.slapd) {
				g.strict++
			}
		}
	}
	if err == nil {
		err = s.reopen(ctx)
	}
	return err
}

// reopen starts our server anew with more settings, and asks it everything once.
func (s *session) reopen(ctx context.Context, more ...string) (err error) {
	s.ours.stop()
	s.ours, err = serveOurs(ctx, s.product, more...)
	for _, q := range s.questions {
		for _, r := range q.requests {
			if err == nil {
				_, err = answerOf(ctx, s.ours, r)
			}
		}
	}
	return err
}

func answerOf(ctx context.Context, s *server, r request) (a answer, err error) {
	c, err := dial(ctx, s.addr)
	if err != nil {
		return a, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })() // an interrupt ends a long search
	a.outcome, err = c.ask(r, func(body []byte) error {
		dn, err := dnOf(body)
		a.names = append(a.names, dn)
		return err
	})
	slices.Sort(a.names)
	return a, err
}
