package api

import (
	"context"
	"errors"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/freetext"
)

// targets tells what free text on a route looks for.
var targets = map[routes]freetext.Target{onProfessionals: freetext.People, onStructures: freetext.Structures, onMailboxes: freetext.Mailboxes}

// understand reads the free text of the request; the zero question without one.
func (req *request) understand() freetext.Question {
	q := req.first("q", "")
	if q == "" {
		return freetext.Question{}
	}
	return freetext.Parse(q, targets[req.route.about()])
}

func (req *request) text() annuaire.Expr { return req.understand().Where }

// ask finds the answer to a request. When nobody answers to all of a free text, weaker readings of it are asked, which say what they
// leave out; so that the pages of one question agree, they are asked anew on each.
func ask[T any](ctx context.Context, req *request, after *annuaire.Position,
	find func(context.Context, annuaire.Query) (annuaire.Page[T], error),
) (page annuaire.Page[T], q annuaire.Query, text freetext.Question, err error) {
	text = req.understand()
	q = req.query(after)
	page, err = find(ctx, q)
	if err != nil || page.Total > 0 || page.Cut { // whoever was not found in time may be there
		return page, q, text, err
	}
	for _, w := range text.Weaker() {
		weak := q
		weak.Where = req.where(w.Where)
		found, err := find(ctx, weak)
		if errors.Is(err, context.DeadlineExceeded) { // that nobody answers to all of it is still true
			break
		}
		if err != nil || found.Total > 0 {
			return found, weak, w, err
		}
	}
	return page, q, text, nil
}

// ignoredDTO is a part of a free text that was not used, and why.
type ignoredDTO struct {
	Text   string `json:"text"`
	Reason string `json:"reason"`
}

func ignored(text freetext.Question, english bool) []ignoredDTO {
	return lo.Map(text.Ignored, func(i freetext.Ignored, _ int) ignoredDTO {
		return ignoredDTO{i.Text, lo.Ternary(english, i.English, i.French)}
	})
}

// reasonDTO is a criterion that holds for an item, and how.
type reasonDTO struct {
	Criterion string `json:"criterion"`
	Asked     string `json:"asked"`
	How       string `json:"how"`
}

func reasons(why []annuaire.Reason) []reasonDTO {
	return lo.Map(why, func(r annuaire.Reason, _ int) reasonDTO { return reasonDTO{string(r.Field), r.Asked, r.How} })
}

// told adds to an item why it is there, where the client asked to be told.
func (req *request) told(dto any, why []annuaire.Reason) any {
	if !req.explained() {
		return dto
	}
	switch d := dto.(type) {
	case professionalDTO:
		d.Explanation = reasons(why)
		return d
	case structureDTO:
		d.Explanation = reasons(why)
		return d
	case mailboxDTO:
		d.Explanation = reasons(why)
		return d
	}
	return dto
}
