package api

import (
	"context"
	"testing"

	"annuaire"
)

// TestWeakerQuestions asks a text of three spans of a directory that answers as told, one answer per question.
func TestWeakerQuestions(t *testing.T) {
	type reply struct {
		total int
		cut   bool
		err   error
	}
	for name, tt := range map[string]struct {
		replies []reply
		total   int
		left    string // what the answer leaves out
	}{
		"who answers to all of it is the answer":      {[]reply{{total: 3}}, 3, ""},
		"when nobody does the last place is left out": {[]reply{{}, {total: 2}}, 2, "lyon"},
		"then the trade":                                            {[]reply{{}, {}, {total: 2}}, 2, "cardiologue"},
		"the name at the end":                                       {[]reply{{}, {}, {}, {total: 9}}, 9, "xyzzyx"},
		"when nothing helps nobody is the answer":                   {[]reply{{}, {}, {}, {}}, 0, ""},
		"who was not found in time is no reason to ask for less":    {[]reply{{cut: true}}, 0, ""},
		"without time to ask for less, nobody answers to all of it": {[]reply{{}, {err: context.DeadlineExceeded}}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			req, f := newRoute("/v1/professionals", onProfessionals, nil).parse("q=cardiologue+xyzzyx+lyon")
			if f != nil {
				t.Fatal(f)
			}
			asked := 0
			page, _, text, err := ask(t.Context(), req, nil, func(context.Context, annuaire.Query) (p annuaire.Page[annuaire.Professional], err error) {
				r := tt.replies[asked]
				asked++
				p.Total, p.Cut = r.total, r.cut
				return p, r.err
			})
			left := ""
			for _, i := range text.Ignored {
				left += i.Text
			}
			if err != nil || page.Total != tt.total || left != tt.left || asked != len(tt.replies) {
				t.Errorf("%d found, %q left out, %d of %d questions asked: %v", page.Total, left, asked, len(tt.replies), err)
			}
		})
	}
}
