package dispatch

import (
	"strings"
	"testing"
	"time"

	"annuaire"
)

// Every rule on what an author writes, by its name. A draft may be incomplete; what is wrong is refused at once, what is missing when it is
// to be sent.
func TestRulesOfADraft(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	b := newBench(t, t.TempDir(), people{list: crowd(3)}, options(newInbox(t)))
	for _, tt := range []struct {
		rule, name string
		spoil      func(*annuaire.AlertDraft)
		late       bool // found when it is to be sent
	}{
		{"title_too_long", "a title of 121 characters", func(d *annuaire.AlertDraft) { d.Title.FR = long(121) }, false},
		{"line_break", "a new line in the title, which is a header of the message", func(d *annuaire.AlertDraft) { d.Title.FR = "x\r\nBcc: y@z.fr" }, false},
		{"line_break", "a Unicode line separator in the title", func(d *annuaire.AlertDraft) { d.Title.EN = "x\u2028y" }, false},
		{"line_break", "a new line in the legal basis", func(d *annuaire.AlertDraft) { d.Legal = "a\nb" }, false},
		{"control_character", "an escape sequence in the text", func(d *annuaire.AlertDraft) { d.Text.FR = "\x1b[2J" }, false},
		{"control_character", "a NUL, which stands for the link in templates", func(d *annuaire.AlertDraft) { d.Text.FR = "a\x00b" }, false},
		{"control_character", "text that runs backwards", func(d *annuaire.AlertDraft) { d.Summary.FR = "a\u202egpj.exe" }, false},
		{"control_character", "text that is not UTF-8", func(d *annuaire.AlertDraft) { d.Text.FR = "\xff" }, false},
		{"summary_too_long", "a summary of 401 characters", func(d *annuaire.AlertDraft) { d.Summary.FR = long(401) }, false},
		{"text_too_long", "an oversize text", func(d *annuaire.AlertDraft) { d.Text.FR = long(20_001) }, false},
		{"html_too_long", "oversize HTML", func(d *annuaire.AlertDraft) { d.HTML.FR = long(60_001) }, false},
		{"legal_too_long", "a legal basis without end", func(d *annuaire.AlertDraft) { d.Legal = long(301) }, false},
		{"area_too_long", "an area without end", func(d *annuaire.AlertDraft) { d.Area = long(201) }, false},
		{"audience_too_long", "an audience without end", func(d *annuaire.AlertDraft) { d.Audience = long(40_000) }, false},
		{"audience_syntax", "an audience that cannot be read", func(d *annuaire.AlertDraft) { d.Audience = "wrong(" }, false},
		{"choice_unknown", "a severity that does not exist", func(d *annuaire.AlertDraft) { d.Severity = "huge" }, false},
		{"choice_unknown", "an urgency that does not exist", func(d *annuaire.AlertDraft) { d.Urgency = "now" }, false},
		{"choice_unknown", "a certainty that does not exist", func(d *annuaire.AlertDraft) { d.Certainty = "sure" }, false},
		{"choice_unknown", "a status that does not exist", func(d *annuaire.AlertDraft) { d.Status = "joke" }, false},
		{"choice_unknown", "a kind that does not exist", func(d *annuaire.AlertDraft) { d.Kind = "recall" }, false},
		{"html_not_simple", "a script", func(d *annuaire.AlertDraft) { d.HTML.FR = "<p>x</p><script>alert(1)</script>" }, false},
		{"html_not_simple", "a picture, which tells who reads", func(d *annuaire.AlertDraft) { d.HTML.FR = `<img src="https://x.fr/a.png">` }, false},
		{"html_not_simple", "an event", func(d *annuaire.AlertDraft) { d.HTML.FR = `<p onclick="x()">x</p>` }, false},
		{"html_not_simple", "a style", func(d *annuaire.AlertDraft) { d.HTML.FR = `<p style="display:none">x</p>` }, false},
		{"html_not_simple", "a comment", func(d *annuaire.AlertDraft) { d.HTML.FR = `<!-- x -->` }, false},
		{"html_not_simple", "a form", func(d *annuaire.AlertDraft) { d.HTML.EN = `<form action="https://x.fr"><input></form>` }, false},
		{"link_not_plain", "a link whose text is not its address", func(d *annuaire.AlertDraft) { d.HTML.FR = `<a href="https://evil.fr">https://sante.gouv.fr</a>` }, false},
		{"link_not_plain", "a link of another scheme", func(d *annuaire.AlertDraft) { d.HTML.FR = `<a href="javascript:x()">javascript:x()</a>` }, false},
		{"link_not_plain", "a link without end", func(d *annuaire.AlertDraft) { d.HTML.FR = `<a href="https://sante.gouv.fr">https://sante.gouv.fr` }, false},
		{"link_not_plain", "http", func(d *annuaire.AlertDraft) { d.Text.FR = "voir http://sante.gouv.fr/x" }, false},
		{"link_not_plain", "a link without its scheme", func(d *annuaire.AlertDraft) { d.Text.FR = "voir www.sante.gouv.fr" }, false},
		{"link_not_plain", "a user that looks like a host", func(d *annuaire.AlertDraft) { d.Text.FR = "https://sante.gouv.fr@evil.fr/" }, false},
		{"link_not_plain", "a bare IP address", func(d *annuaire.AlertDraft) { d.Text.FR = "https://203.0.113.7/" }, false},
		{"link_not_plain", "a host that imitates another", func(d *annuaire.AlertDraft) { d.Text.FR = "https://sаnte.gouv.fr/" }, false}, // a Cyrillic а
		{"link_shortened", "a shortened link", func(d *annuaire.AlertDraft) { d.Text.FR = "https://bit.ly/3xYz" }, false},
		{"reference_unknown", "an update of an alert that does not exist", func(d *annuaire.AlertDraft) { d.Kind, d.Refers = annuaire.KindUpdate, "2026-900" }, false},

		{"title_missing", "no title", func(d *annuaire.AlertDraft) { d.Title.FR = " " }, true},
		{"summary_missing", "no summary", func(d *annuaire.AlertDraft) { d.Summary.FR = "" }, true},
		{"text_missing", "no text", func(d *annuaire.AlertDraft) { d.Text.FR = "" }, true},
		{"severity_missing", "no severity", func(d *annuaire.AlertDraft) { d.Severity = "" }, true},
		{"legal_missing", "no legal basis", func(d *annuaire.AlertDraft) { d.Legal = "" }, true},
		{"audience_missing", "no audience", func(d *annuaire.AlertDraft) { d.Audience = "" }, true},
		{"english_incomplete", "a title in English without its text", func(d *annuaire.AlertDraft) { d.Title.EN = "Measles" }, true},
		{"reference_missing", "an update of nothing", func(d *annuaire.AlertDraft) { d.Kind = annuaire.KindUpdate }, true},
		{"expiry_missing", "no expiry", func(d *annuaire.AlertDraft) { d.Expires = time.Time{} }, true},
		{"alert_expired", "an alert that has expired", func(d *annuaire.AlertDraft) { d.Expires = time.Now().Add(-time.Minute) }, true},
		{"expiry_too_far", "an alert for a year", func(d *annuaire.AlertDraft) { d.Expires = time.Now().Add(365 * 24 * time.Hour) }, true},
	} {
		t.Run(tt.rule+": "+tt.name, func(t *testing.T) {
			d := draft()
			tt.spoil(&d)
			a, err := b.Create(t.Context(), writer, d)
			if tt.late {
				if err != nil {
					t.Fatal(err)
				}
				_, err = b.Test(t.Context(), writer, a.ID)
			}
			if got := annuaire.RuleOf(err); got != tt.rule || annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%q: %v", got, err)
			}
		})
	}
	t.Run("what is simple is taken: paragraphs, lists, full links, two languages", func(t *testing.T) {
		d := draft()
		d.HTML.FR = `<h2>À faire</h2><p>Vérifiez <strong>les vaccins</strong> &amp; signalez :</p><ul><li>ARS</li></ul><p><a href="https://sante.gouv.fr/x">https://sante.gouv.fr/x</a></p>`
		d.Title.EN, d.Summary.EN, d.Text.EN = "Measles", "Check.", "Cases\r\nare reported (https://sante.gouv.fr/x)."
		d.Audience = "@measles"
		a := b.submitted(d)
		if a.Text.EN != "Cases\nare reported (https://sante.gouv.fr/x)." || a.Audience != "profession:médecin" {
			t.Errorf("%+v", a.AlertDraft)
		}
	})
}

// Every rule on steps, by its name.
func TestRulesOfSteps(t *testing.T) {
	box := newInbox(t)
	newDesk := func(t *testing.T, edit func(*Options)) *bench {
		o := options(box)
		if edit != nil {
			edit(&o)
		}
		return newBench(t, t.TempDir(), people{list: crowd(3)}, o)
	}
	order := annuaire.AlertOrder{}
	for _, tt := range []struct {
		rule, name string
		code       annuaire.Code
		do         func(t *testing.T) error
	}{
		{"approver_is_author", "the author does not approve, with both roles either", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, nil)
			both := writer
			both.Roles = []annuaire.Role{annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover}
			_, err := b.Approve(t.Context(), both, b.submitted(draft()).ID, order, 0)
			return err
		}},
		{"approver_is_author", "nor with a second token of the same name", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, nil)
			second := approver
			second.Name = "dr anne AUTEUR"
			_, err := b.Approve(t.Context(), second, b.submitted(draft()).ID, order, 0)
			return err
		}},
		{"approver_is_author", "nor whoever once changed the text", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, nil)
			editor := approver
			editor.Roles = []annuaire.Role{annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover}
			a, err := b.Create(t.Context(), writer, draft())
			if err == nil {
				_, err = b.Edit(t.Context(), editor, a.ID, draft(), 0)
			}
			if err == nil {
				_, err = b.Test(t.Context(), writer, a.ID)
			}
			if err == nil {
				_, err = b.Submit(t.Context(), writer, a.ID, order, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Approve(t.Context(), editor, a.ID, order, 0)
			return err
		}},
		{"role_missing", "an author who is no approver does not approve", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, nil)
			other := annuaire.Caller{ID: "eeeeee", Name: "Autre", Roles: []annuaire.Role{annuaire.RoleAlertAuthor}}
			_, err := b.Approve(t.Context(), other, b.submitted(draft()).ID, order, 0)
			return err
		}},
		{"role_missing", "a reader sees no alert", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, nil)
			_, err := b.Alert(t.Context(), stranger, b.submitted(draft()).ID)
			return err
		}},
		{"role_missing", "an administrator writes none", annuaire.CodeForbidden, func(t *testing.T) error {
			_, err := newDesk(t, nil).Create(t.Context(), annuaire.Caller{ID: "local", Roles: []annuaire.Role{annuaire.RoleAdmin}}, draft())
			return err
		}},
		{"test_missing", "what was not tested is not submitted", annuaire.CodeConflict, func(t *testing.T) error {
			b := newDesk(t, nil)
			a, _ := b.Create(t.Context(), writer, draft())
			_, err := b.Submit(t.Context(), writer, a.ID, order, 0)
			return err
		}},
		{"test_missing", "a text that changed is tested again", annuaire.CodeConflict, func(t *testing.T) error {
			b := newDesk(t, nil)
			a := b.submitted(draft())
			d := draft()
			d.Text.FR += " Et plus."
			if _, err := b.Edit(t.Context(), writer, a.ID, d, 0); err != nil {
				t.Fatal(err)
			}
			_, err := b.Submit(t.Context(), writer, a.ID, order, 0)
			return err
		}},
		{"wrong_state", "a draft is not approved", annuaire.CodeConflict, func(t *testing.T) error {
			b := newDesk(t, nil)
			a, _ := b.Create(t.Context(), writer, draft())
			_, err := b.Approve(t.Context(), approver, a.ID, order, 0)
			return err
		}},
		{"wrong_state", "what is approved is not rewritten", annuaire.CodeConflict, func(t *testing.T) error {
			b := newDesk(t, nil)
			_, err := b.Edit(t.Context(), writer, b.approved(draft()).ID, draft(), 0)
			return err
		}},
		{"version_stale", "an approval of what was read, not of what came after", annuaire.CodePrecondition, func(t *testing.T) error {
			b := newDesk(t, nil)
			a := b.submitted(draft())
			_, err := b.Approve(t.Context(), approver, a.ID, order, a.Version-1)
			return err
		}},
		{"version_stale", "and such a refusal does not tell whom the red list reaches", annuaire.CodePrecondition, func(t *testing.T) error {
			b := newDesk(t, nil)
			d := draft()
			d.Audience = "nobody"
			a := b.submitted(d)
			_, err := b.Approve(t.Context(), approver, a.ID, order, a.Version-1)
			return err
		}},
		{"audience_empty", "an audience of nobody is not submitted", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			d := draft()
			d.Audience, d.RedList = "nobody", false
			a, err := b.Create(t.Context(), writer, d)
			if err == nil {
				_, err = b.Test(t.Context(), writer, a.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Submit(t.Context(), writer, a.ID, order, 0)
			return err
		}},
		{"audience_empty", "one that the red list might reach is not approved: its author does not learn whether it does", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			d := draft()
			d.Audience = "nobody"
			_, err := b.Approve(t.Context(), approver, b.submitted(d).ID, order, 0)
			return err
		}},
		{"audience_empty", "its author does, who may see addresses", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			d := draft()
			d.Audience = "nobody"
			a, err := b.Create(t.Context(), writer, d)
			if err == nil {
				_, err = b.Test(t.Context(), writer, a.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			both := writer
			both.Roles = append([]annuaire.Role{annuaire.RoleAlertAddresses}, writer.Roles...)
			_, err = b.Submit(t.Context(), both, a.ID, order, 0)
			return err
		}},
		{"everyone_unconfirmed", "everybody is said twice: by the author", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			d := draft()
			d.Audience = "everyone"
			a, err := b.Create(t.Context(), writer, d)
			if err == nil {
				_, err = b.Test(t.Context(), writer, a.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Submit(t.Context(), writer, a.ID, order, 0)
			return err
		}},
		{"everyone_unconfirmed", "and by the approver", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			d := draft()
			d.Audience = "everyone"
			_, err := b.Approve(t.Context(), approver, b.submitted(d).ID, order, 0)
			return err
		}},
		{"alert_expired", "what has expired meanwhile is not approved", annuaire.CodeInvalid, func(t *testing.T) error {
			now := newClock(time.Now())
			b := newDesk(t, func(o *Options) { o.Now = now.now })
			a := b.submitted(draft())
			now.pass(72 * time.Hour)
			_, err := b.Approve(t.Context(), approver, a.ID, order, 0)
			return err
		}},
		{"sender_not_listed", "the domain of the sender must be on the white list", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, func(o *Options) { o.Listed = nil })
			a, _ := b.Create(t.Context(), writer, draft())
			_, err := b.Test(t.Context(), writer, a.ID)
			return err
		}},
		{"sending_not_configured", "without a relay nothing is sent", annuaire.CodeConflict, func(t *testing.T) error {
			b := newDesk(t, func(o *Options) { o.Sending.Relays = nil })
			a, _ := b.Create(t.Context(), writer, draft())
			_, err := b.Test(t.Context(), writer, a.ID)
			return err
		}},
		{"seeds_missing", "without seeds nothing is tested", annuaire.CodeConflict, func(t *testing.T) error {
			b := newDesk(t, func(o *Options) { o.Seeds = nil })
			a, _ := b.Create(t.Context(), writer, draft())
			_, err := b.Test(t.Context(), writer, a.ID)
			return err
		}},
		{"test_not_accepted", "a test that the relay refuses is no test", annuaire.CodeUnavailable, func(t *testing.T) error {
			b := newDesk(t, func(o *Options) { o.Sending.Relays[0].Addr = "127.0.0.1:1" })
			a, _ := b.Create(t.Context(), writer, draft())
			_, err := b.Test(t.Context(), writer, a.ID)
			return err
		}},
		{"reason_missing", "a rejection says why", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			_, err := b.Reject(t.Context(), approver, b.submitted(draft()).ID, order)
			return err
		}},
		{"reason_missing", "so does a cancellation", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			_, err := b.Cancel(t.Context(), writer, b.submitted(draft()).ID, order)
			return err
		}},
		{"line_break", "a reason is one line", annuaire.CodeInvalid, func(t *testing.T) error {
			b := newDesk(t, nil)
			_, err := b.Pause(t.Context(), approver, b.submitted(draft()).ID, annuaire.AlertOrder{Reason: "a\nb"})
			return err
		}},
		{"addresses_not_allowed", "an approver sees no address", annuaire.CodeForbidden, func(t *testing.T) error {
			b := newDesk(t, nil)
			_, err := b.Recipients(t.Context(), approver, b.approved(draft()).ID, 0, 10, "")
			return err
		}},
	} {
		t.Run(tt.rule+": "+tt.name, func(t *testing.T) {
			err := tt.do(t)
			if annuaire.RuleOf(err) != tt.rule || annuaire.CodeOf(err) != tt.code {
				t.Errorf("%s %q: %v", annuaire.CodeOf(err), annuaire.RuleOf(err), err)
			}
		})
	}
}

// The table of moves against who may do what, all of it: a step that is possible in one more state, or for one more role, fails here.
func TestStatesAndRoles(t *testing.T) {
	want := map[step]string{
		stepEdit: "draft submitted -> draft: alert:author", stepTest: "draft -> : alert:author", stepSubmit: "draft -> submitted: alert:author",
		stepReject: "submitted -> draft: alert:approver", stepApprove: "submitted -> approved: alert:approver",
		stepPause: "approved sending -> paused: alert:author alert:approver", stepResume: "paused -> sending: alert:approver",
		stepCancel: "draft submitted approved sending paused -> cancelled: alert:author alert:approver",
		stepStart:  "approved -> sending: ", stepFinish: "sending paused -> sent: ", stepExpire: "approved sending paused -> expired: ",
		stepHalt: "approved sending -> paused: ", stepErase: "sent cancelled expired -> : "}
	for s, m := range moves {
		var from, by []string
		for _, f := range m.from {
			from = append(from, string(f))
		}
		for _, r := range m.by {
			by = append(by, string(r))
		}
		if got := strings.Join(from, " ") + " -> " + string(m.to) + ": " + strings.Join(by, " "); got != want[s] {
			t.Errorf("%s: %q, want %q", s, got, want[s])
		}
	}
	if len(moves) != len(want) {
		t.Errorf("%d moves", len(moves))
	}
}
