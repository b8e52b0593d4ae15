package show

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
	"annuaire/internal/watch"
)

var day = time.Date(2026, 11, 1, 3, 12, 0, 0, time.UTC)

// says checks that what is written holds words in their order.
func says(t *testing.T, write func(io.Writer) error, words ...string) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	rest := b.String()
	for _, w := range words {
		_, after, ok := strings.Cut(rest, w)
		if !ok {
			t.Fatalf("%q does not come in its place:\n%s", w, b.String())
		}
		rest = after
	}
}

// full is a place where nothing can be written.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestReport(t *testing.T) {
	applied := store.Run{ID: "000042", Outcome: store.OutcomeApplied, Extract: day, Seconds: 1.25, Rejected: 3, Orphans: map[string]int64{"SavoirFaire": 2, "Dipl": 0},
		Warnings: []string{"an older set"}}
	applied.People.Created, applied.People.Gone = 12, 7
	t.Run("a run says what it changed, and what there is to note", func(t *testing.T) {
		says(t, func(w io.Writer) error { return Report(w, applied) }, "run 000042 applied in 1.2 s", "2026-11-01T03:12:00Z", "created", "people", "12", "7",
			"SavoirFaire: 2 rows", "rejects/000042.ndjson", "note: an older set")
	})
	t.Run("nothing new is one line in both languages", func(t *testing.T) {
		says(t, func(w io.Writer) error {
			return Report(w, store.Run{Outcome: store.OutcomeUnchanged, Extract: day})
		}, "rien de nouveau / nothing new", "2026-11-01")
	})
	awaiting := store.Run{ID: "000043", Outcome: store.OutcomeAwaiting, Extract: day, Gate: &annuaire.Gate{Closed: true, More: 2, Findings: []annuaire.GateFinding{
		{Kind: annuaire.KindPerson, By: "all", Change: annuaire.Gone, Share: 50, Count: 10, Members: 20, Hard: true, Examples: []annuaire.GateExample{{Change: annuaire.Gone, ID: "899", What: "EXEMPLE Zélie"}}},
		{Kind: annuaire.KindPerson, By: "department", Group: "48", Label: "Lozère", Change: annuaire.Changed, Share: 5, Count: 1, Members: 20},
		{Kind: annuaire.KindMailbox, By: "domain", Small: 4, Change: annuaire.Created}}}}
	t.Run("one that awaits approval says why: group by group, then by example", func(t *testing.T) {
		says(t, func(w io.Writer) error { return Report(w, awaiting) }, "APPROVAL NEEDED, run 000043 waits", "50.0 %", "!!", "départs / gone, personnes / people",
			"département 48 (Lozère)", "the 4 small groups together", "and 2 more groups", "EXEMPLE Zélie")
	})
	t.Run("a dry run says that approval would be needed", func(t *testing.T) {
		dry := awaiting
		dry.Outcome = store.OutcomeDryRun
		says(t, func(w io.Writer) error { return Report(w, dry) }, "nothing written", "approval would be needed")
	})
	t.Run("that it cannot be written is an error", func(t *testing.T) {
		if err := Report(full{}, applied); !errors.Is(err, errFull) {
			t.Error(err)
		}
	})
}

func TestStatus(t *testing.T) {
	t.Run("what goes on, what failed, what waits, how old the data is", func(t *testing.T) {
		st := watch.Status{Running: true, Run: "000044", Stage: "parse", Done: 5, Total: 10, Unit: "people", Elapsed: 3, Left: 4, Awaiting: "000043", Failure: "no answer",
			Extract: day, Age: 3 * 86400, Stale: true, Good: day, Last: &store.Run{Outcome: store.OutcomeUnchanged, Extract: day}}
		st.Disk.Problem = "full"
		says(t, func(w io.Writer) error { return Status(w, st) }, "run 000044 under way for 3s: parse 5 people of 10 people (50 %)", "4s left in this stage", "000043 awaits approval",
			"FAILED", "no answer", "3 days old — PÉRIMÉES / STALE", "last good run", "disk: full", "nothing new")
	})
	t.Run("nothing loaded is said", func(t *testing.T) {
		says(t, func(w io.Writer) error { return Status(w, watch.Status{}) }, "no run under way", "no data yet")
	})
}

func TestVerdicts(t *testing.T) {
	t.Run("a check counts, and gives examples", func(t *testing.T) {
		says(t, func(w io.Writer) error {
			return Check(w, directory.CheckReport{People: 3, Problems: 1, Examples: []string{"899 is not indexed"}})
		}, "3 people", "1 problems", " - 899 is not indexed")
	})
	t.Run("an audit that is whole gives its head, to keep", func(t *testing.T) {
		says(t, func(w io.Writer) error { return Verdict(w, annuaire.AuditVerdict{Lines: 9}) }, "9 lines, as they were written")
	})
	t.Run("one that is not says where it breaks", func(t *testing.T) {
		says(t, func(w io.Writer) error {
			return Verdict(w, annuaire.AuditVerdict{Fault: annuaire.AuditMissing, At: 8, Lines: 7})
		}, "AT LINE 8", "taken out", "7 lines before it")
	})
}

func TestTokens(t *testing.T) {
	all := []annuaire.Token{{ID: "a", Name: "X", Roles: []annuaire.Role{"reader", "admin"}, Expires: day.AddDate(1, 0, 0)}, {ID: "b", Expires: day.AddDate(0, 0, -1)},
		{ID: "c", Expires: day.AddDate(1, 0, 0), Revoked: day}}
	says(t, func(w io.Writer) error { return Tokens(w, all, day) }, "STATE", "reader,admin", "good", "expired", "revoked")
}

func TestAudience(t *testing.T) {
	t.Run("how many come first, then what the words were taken for", func(t *testing.T) {
		p := annuaire.AudiencePreview{Selected: 10, Reachable: 7, Published: 6, RedListed: 1, Coarse: true, RedListIncluded: true,
			Warnings: []annuaire.AudienceWarning{{Message: "everybody"}},
			Terms:    []annuaire.AudienceTerm{{Said: "médecin", Means: [][]annuaire.AudienceCriterion{{{Field: "profession", Codes: []annuaire.Coded{{Code: "10", Label: "Médecin"}}}}}}, {Said: "mode:L", Removes: true}}}
		says(t, func(w io.Writer) error { return AudiencePreview(w, p) }, "10 sélectionnées / selected, 7 joignables", "by tens", "! everybody", "médecin", "profession: 10 Médecin", "- mode:L")
	})
	t.Run("saved ones have a version", func(t *testing.T) {
		says(t, func(w io.Writer) error {
			return Audiences(w, []annuaire.SavedAudience{{Name: "rougeole", Version: 3, Title: "Rougeole"}})
		}, "rougeole", "v3", "Rougeole")
	})
}

func TestAlert(t *testing.T) {
	x := annuaire.Alert{ID: "2026-001", State: annuaire.AlertSent, Frozen: &annuaire.AlertFreeze{Count: 5, Seq: 9, Hash: "abc"}, Problem: "no relay"}
	x.Text.FR = "Un.\nDeux."
	says(t, func(w io.Writer) error { return Alert(w, x) }, "2026-001", "  Un.\n  Deux.", "5 recipients, sequence 9, sha256 abc", "no relay")
	t.Run("only who approves is told of the list", func(t *testing.T) {
		says(t, func(w io.Writer) error { return AlertStep(w, x, "approve") }, "5 recipients, list abc")
		var b bytes.Buffer
		if err := AlertStep(&b, x, "pause"); err != nil || strings.Contains(b.String(), "list") {
			t.Error(b.String(), err)
		}
	})
	t.Run("a preview of everybody says so", func(t *testing.T) {
		says(t, func(w io.Writer) error {
			return AlertPreview(w, annuaire.AlertPreview{Selected: 3, Everyone: true, Subject: "S", Body: "B"})
		}, "3 people selected", "--everyone", "S", "  B")
	})
	t.Run("a report counts, the most frequent answers first", func(t *testing.T) {
		r := annuaire.AlertReport{ID: "2026-001", Codes: map[string]int{"450 4.2.2": 2, "550 5.1.1": 7}, Departments: []annuaire.AlertGroup{{Code: "69"}}}
		says(t, func(w io.Writer) error { return AlertReport(w, r) }, "2026-001", "550 5.1.1: 7", "450 4.2.2: 2", "DEPARTMENT", "69", "PROFESSION")
	})
}
