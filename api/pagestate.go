package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/api/web"
)

// Limits of the page of the state of the data.
const (
	stateRuns = 30          // updates shown: a month of daily ones
	stateKept = time.Minute // figures are counted again after that, or when a run has been published
)

// stateCache keeps the figures of the directory, which every visitor of the first page wants and which change once a day.
type stateCache struct {
	counting chan struct{} // holds one while somebody counts: it is dear, and a crowd at once would keep everybody's searches waiting

	mu    sync.Mutex
	made  time.Time
	run   string
	last  web.State
	names map[string]map[string]string // by parameter, by code: labels
	words web.Vocabulary
}

// vocabulary is what the form proposes; empty before anything was counted: no search waits for it.
func (k *stateCache) vocabulary() web.Vocabulary {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.words
}

// label is the label of a code that was counted, or "".
func (k *stateCache) label(param, code string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.names[param][code]
}

// state returns the figures, counted at most a minute ago.
func (s *Server) state(ctx context.Context) (web.State, error) {
	k := &s.pages.state
	var runs []annuaire.Publication
	if s.opts.Runs != nil {
		var err error
		if runs, err = s.opts.Runs.Publications(ctx, stateRuns); err != nil {
			return web.State{}, err
		}
	}
	run := ""
	if len(runs) > 0 {
		run = runs[0].Run
	}
	if st, ok := k.fresh(run, s.opts.Now()); ok {
		return st, nil
	}
	select {
	case k.counting <- struct{}{}:
		defer func() { <-k.counting }()
	case <-ctx.Done():
		return web.State{}, ctx.Err()
	}
	now := s.opts.Now()
	if st, ok := k.fresh(run, now); ok { // somebody else has counted meanwhile
		return st, nil
	}
	st, err := s.figures(ctx, runs)
	if err != nil {
		return st, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.made, k.run, k.last = now, run, st
	k.learn(st)
	st.Now = now
	return st, nil
}

// fresh returns the figures, if they are of this run and not too old.
func (k *stateCache) fresh(run string, now time.Time) (st web.State, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.made.IsZero() || k.run != run || now.Sub(k.made) >= stateKept {
		return st, false
	}
	st = k.last
	st.Now = now
	return st, true
}

// learn keeps what the form proposes and the labels of codes.
func (k *stateCache) learn(st web.State) {
	k.words, k.names = web.Vocabulary{}, map[string]map[string]string{"profession": {}, "specialty": {}, "department": {}}
	for _, c := range st.Professions {
		k.words.Professions = append(k.words.Professions, c.Label)
		k.names["profession"][c.Detail] = c.Label
	}
	for _, c := range st.Specialties {
		k.words.Specialties = append(k.words.Specialties, c.Label)
		k.names["specialty"][c.Detail] = c.Label
	}
	for _, d := range st.Listed() {
		k.words.Departments = append(k.words.Departments, d.Name)
		k.names["department"][d.Code] = d.Name
	}
}

// figures asks the directory for the figures: facets of everybody, of each region for its départements (a facet holds its fifty most
// frequent values only), and totals.
func (s *Server) figures(ctx context.Context, runs []annuaire.Publication) (st web.State, err error) {
	st = web.State{Runs: runs, Departments: map[string]web.Department{}}
	everybody := annuaire.Query{Limit: 1, Facets: []annuaire.Field{annuaire.FieldProfession, annuaire.FieldSpecialty, annuaire.FieldRegion}}
	page, err := s.dir.SearchProfessionals(ctx, everybody)
	if err != nil {
		return st, err
	}
	st.AsOf, st.People = page.AsOf, page.Total
	for _, c := range page.Facets[annuaire.FieldProfession] {
		st.Professions = append(st.Professions, web.Choice{Label: c.Coded.Shown(), Detail: c.Code, To: web.PathPeople + "?profession=" + c.Code, Count: c.Count})
	}
	for _, c := range page.Facets[annuaire.FieldSpecialty] {
		st.Specialties = append(st.Specialties, web.Choice{Label: c.Coded.Shown(), Detail: c.Code, Count: c.Count})
	}
	for _, region := range page.Facets[annuaire.FieldRegion] {
		within, err := s.dir.SearchProfessionals(ctx, annuaire.Query{Limit: 1, Facets: []annuaire.Field{annuaire.FieldDepartment},
			Where: annuaire.OneActivity(annuaire.Equals(annuaire.FieldRegion, region.Code))})
		if err != nil {
			return st, err
		}
		for _, d := range within.Facets[annuaire.FieldDepartment] {
			st.Departments[d.Code] = web.Department{Code: d.Code, Name: d.Coded.Shown(), People: d.Count}
		}
	}
	for _, r := range runs {
		if st.Mailboxes.IsZero() {
			st.Mailboxes = r.Mailboxes
		}
		for code, n := range r.Departments {
			if d, ok := st.Departments[code]; ok {
				d.Tally.Created, d.Tally.Changed, d.Tally.Gone = d.Tally.Created+n.Created, d.Tally.Changed+n.Changed, d.Tally.Gone+n.Gone
				st.Departments[code] = d
			}
		}
	}
	return st, s.countPlaces(ctx, &st)
}

// boxKinds are the kinds of boxes in both languages.
var boxKinds = []struct {
	kind annuaire.MailboxKind
	say  wording
}{{annuaire.KindPER, wording{"personnelles (PER)", "personal (PER)"}}, {annuaire.KindORG, wording{"de services (ORG)", "of departments (ORG)"}},
	{annuaire.KindCAB, wording{"de cabinets (CAB)", "of practices (CAB)"}}, {annuaire.KindAPP, wording{"applicatives (APP)", "of software (APP)"}}}

func (s *Server) countPlaces(ctx context.Context, st *web.State) error {
	places, err := s.dir.SearchStructures(ctx, annuaire.Query{Limit: 1})
	if err != nil {
		return err
	}
	st.Structures = places.Total
	for _, k := range boxKinds {
		boxes, err := s.dir.SearchMailboxes(ctx, annuaire.Query{Limit: 1, Where: annuaire.Equals(annuaire.FieldKind, string(k.kind))})
		if err != nil {
			return err
		}
		st.Boxes += boxes.Total
		st.Kinds = append(st.Kinds, web.Choice{Label: k.say.fr, Detail: k.say.en, Count: boxes.Total})
	}
	return nil
}

// homePage is the first page. Before anything is loaded it has no figures.
func (s *Server) homePage(c echo.Context, v web.View) error {
	var h web.Home
	if st, err := s.state(c.Request().Context()); err == nil {
		h = web.Home{People: st.People, Structures: st.Structures, Boxes: st.Boxes}
	}
	body, err := s.pages.site.Home(v, h)
	return sendPage(c, v, http.StatusOK, body, err)
}

func (s *Server) statePage(c echo.Context, v web.View) error {
	st, err := s.state(c.Request().Context())
	if err != nil {
		return err
	}
	body, err := s.pages.site.State(v, st)
	return sendPage(c, v, http.StatusOK, body, err)
}
