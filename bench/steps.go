package main

import (
	"context"
	"slices"

	"annuaire/bench/rig"
)

// starts is how often the server is started; what is reported is the median.
const starts = 5

// measureStart measures from the execution of `annuaire serve` to its first answer.
func (s *session) measureStart(ctx context.Context) error {
	if !s.only[partStart] {
		return nil
	}
	var r startResult
	for range starts {
		srv, err := serve(ctx, s.product, s.questions[1][0])
		if err != nil {
			return err
		}
		srv.stop()
		r.times = append(r.times, srv.took)
	}
	rig.Tell("start: %s", rig.Span(rig.Median(r.times)))
	s.res.start = &r
	return nil
}

// crowd is the number of clients of the busy search mix.
const crowd = 8

// measureSearch asks the mix, of our server and then of PostgreSQL, never of both at a time.
func (s *session) measureSearch(ctx context.Context) error {
	if !s.only[partSearch] {
		return nil
	}
	defer s.stopPostgres()
	r := &searchResult{kinds: make([]kindResult, len(mix)), why: s.pgWhy}
	answers, err := s.searchOurs(ctx, r)
	if err != nil {
		return err
	}
	for k, list := range answers {
		r.kinds[k].values, r.kinds[k].people = len(list), medianTotal(list)
	}
	if s.pg != nil {
		if err := s.searchPostgres(ctx, r, answers); err != nil {
			rig.Tell("PostgreSQL: %v", err)
			r.forgetPostgres(rig.Why(postgresName, err))
		}
	}
	s.res.search = r
	return ctx.Err()
}

func (s *session) searchPostgres(ctx context.Context, r *searchResult, answers [][]answer) error {
	for k, list := range s.questions {
		rig.Tell("search mix: PostgreSQL, %s", mix[k].name)
		p, err := s.pg.search(ctx, list)
		if err != nil {
			return err
		}
		r.kinds[k].ids, r.kinds[k].items = rig.SpreadOfTimes(p.ids), rig.SpreadOfTimes(p.items)
		r.kinds[k].form, r.kinds[k].agreement = p.form, compare(answers[k], p.answers)
	}
	return nil
}

func medianTotal(list []answer) int64 {
	var totals []int64
	for _, a := range list {
		totals = append(totals, a.Total)
	}
	slices.Sort(totals)
	return totals[(len(totals)-1)/2]
}

// searchOurs asks our server: each question once, for its answer and to warm up, then alone, then in a crowd.
func (s *session) searchOurs(ctx context.Context, r *searchResult) ([][]answer, error) {
	srv, err := serve(ctx, s.product, s.questions[1][0])
	if err != nil {
		return nil, err
	}
	defer srv.stop()
	mem := rig.Sample(srv.Pid(), false)
	defer func() { r.server = mem.Stop() }()
	answers, err := ask(ctx, srv.url, s.questions)
	if err != nil {
		return nil, err
	}
	alone, busy, err := s.aloneAndInACrowd(ctx, srv, "search mix", s.questions)
	r.alone, r.crowd = spreadOf(alone, every), spreadOf(busy, every)
	for k := range r.kinds {
		r.kinds[k].alone, r.kinds[k].crowd = spreadOf(alone, ofKind(k)), spreadOf(busy, ofKind(k))
		r.kinds[k].inside = medianInside(alone, k)
	}
	return answers, err
}

// aloneAndInACrowd asks our server by one client, then by many.
func (s *session) aloneAndInACrowd(ctx context.Context, srv *server, what string, questions [][]instance) (alone, busy []latency, err error) {
	rig.Tell("%s: annuaire, 1 client", what)
	if alone, err = traffic(ctx, srv.url, questions, 1, s.rounds, nil); err != nil {
		return nil, nil, err
	}
	rig.Tell("%s: annuaire, %d clients", what, crowd)
	busy, err = traffic(ctx, srv.url, questions, crowd, max(s.rounds/2, 1), nil)
	return alone, busy, err
}

// ask asks each question once and reads the answers.
func ask(ctx context.Context, base string, questions [][]instance) ([][]answer, error) {
	c := newClient(base)
	defer c.close()
	out := make([][]answer, len(questions))
	for k, list := range questions {
		for _, in := range list {
			a, err := c.read(ctx, in)
			if err != nil {
				return nil, err
			}
			out[k] = append(out[k], a)
		}
	}
	return out, nil
}
