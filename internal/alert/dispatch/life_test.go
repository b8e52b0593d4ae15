package dispatch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/alert/spool"
)

func TestLifeOfAnAlert(t *testing.T) {
	box := newInbox(t)
	list := crowd(200)
	now := newClock(time.Now())
	o := options(box)
	o.Retention, o.Now = 24*time.Hour, now.now
	b := newBench(t, t.TempDir(), people{list: list}, o)
	b.run()
	a := b.approved(draft())
	await(t, "the end", func() bool { return b.state(a.ID) == annuaire.AlertSent })
	await(t, "the final counts", func() bool { x, _ := b.Alert(t.Context(), approver, a.ID); return x.Final != nil })

	t.Run("everybody has it once, from the sender, with its number", func(t *testing.T) {
		for _, r := range list {
			if len(box.got[r.Address]) != 1 {
				t.Fatalf("%d", len(box.got[r.Address]))
			}
		}
		if c := b.counts(a.ID); c != (annuaire.AlertCounts{Recipients: 200, Accepted: 200}) {
			t.Errorf("%+v", c)
		}
	})
	t.Run("the seeds had it before, marked ESSAI, under another Message-ID", func(t *testing.T) {
		if got := box.got["essai@dgs.formation.mssante.fr"]; len(got) != 1 || slices.Contains(got, box.got[list[0].Address][0]) {
			t.Error(got)
		}
	})
	t.Run("the frozen list can be checked by whoever has the addresses", func(t *testing.T) {
		h := sha256.New()
		got, err := b.Recipients(t.Context(), clerk, a.ID, 0, 1000, "accepted")
		for _, r := range got {
			fmt.Fprintln(h, r.Address)
		}
		if err != nil || a.Frozen.Hash != hex.EncodeToString(h.Sum(nil)) || a.Frozen.Count != 200 || a.Frozen.RedListed != 20 || a.Frozen.Seq != 42 {
			t.Errorf("%v %+v", err, a.Frozen)
		}
	})
	t.Run("reading addresses is in the audit, and so is a preview", func(t *testing.T) {
		if _, err := b.Preview(t.Context(), clerk, a.ID); err != nil {
			t.Error(err)
		}
		if got := audited(t, b); !slices.Contains(got, "cccccc alert.recipients "+a.ID) || !slices.Contains(got, "cccccc alert.preview "+a.ID) {
			t.Error(got)
		}
	})
	t.Run("every step is in the audit and in the evidence, with who took it", func(t *testing.T) {
		want := []string{"aaaaaa create", "aaaaaa test", "aaaaaa submit", "bbbbbb approve", "service start", "service finish"}
		e, err := b.Evidence(t.Context(), clerk, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range e.Steps {
			got = append(got, s.Who.ID+" "+s.What)
		}
		if !slices.Equal(got, want) || e.Alert.Approver.Name != approver.Name || len(e.Print) != 64 {
			t.Errorf("%q %+v", got, e.Alert.Approver)
		}
		lines := audited(t, b)
		for _, w := range want {
			who, what, _ := strings.Cut(w, " ")
			if !slices.Contains(lines, who+" alert."+what+" "+a.ID) {
				t.Errorf("%s is not in the audit", w)
			}
		}
	})
	t.Run("the audit holds no text and no address", func(t *testing.T) {
		if err := b.ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
			if s := fmt.Sprintf("%s %s", r.Before, r.After); strings.Contains(s, "rougeole") || strings.Contains(s, "@") {
				t.Error(s)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	t.Run("the report counts by department and profession", func(t *testing.T) {
		r, err := b.Report(t.Context(), writer, a.ID)
		if err != nil || len(r.Departments) != 5 || len(r.Professions) != 3 || r.Departments[0] != (annuaire.AlertGroup{Code: "01", Counts: annuaire.AlertCounts{Recipients: 40, Accepted: 40}}) {
			t.Errorf("%v %+v", err, r)
		}
	})

	link := strings.TrimPrefix(b.link(a.ID, 7), "https://alertes.example.fr/v1/alerts/"+a.ID+"/acknowledge/")
	t.Run("opening the link of a message acknowledges nothing", func(t *testing.T) {
		for range 3 {
			if r, err := b.Receipt(t.Context(), a.ID, link); err != nil || !r.Acknowledged.IsZero() || r.Title.FR != "Rougeole dans le Rhône" {
				t.Fatal(err, r)
			}
		}
		if c := b.counts(a.ID); c.Acknowledged != 0 {
			t.Error(c)
		}
	})
	t.Run("acknowledging counts once, and keeps the first time", func(t *testing.T) {
		first, err := b.Acknowledge(t.Context(), a.ID, link)
		now.pass(time.Minute)
		again, err2 := b.Acknowledge(t.Context(), a.ID, link)
		if err != nil || err2 != nil || first.Acknowledged.IsZero() || !again.Acknowledged.Equal(first.Acknowledged) {
			t.Fatal(err, err2, first, again)
		}
		if c := b.counts(a.ID); c.Acknowledged != 1 {
			t.Error(c)
		}
	})
	for name, bad := range map[string]string{"a link of another alert": b.sign.link("2026-099", 7), "a link that was changed": "B" + link[1:], "half a link": link[:10], "nothing": "", "no base64": "!!!"} {
		t.Run(name+" is refused", func(t *testing.T) {
			if _, err := b.Acknowledge(t.Context(), a.ID, bad); annuaire.RuleOf(err) != "link_unknown" {
				t.Error(err)
			}
		})
	}
	t.Run("the link of a test send records nothing", func(t *testing.T) {
		r, err := b.Acknowledge(t.Context(), a.ID, b.sign.link(a.ID, trialMark))
		if c := b.counts(a.ID); err != nil || !r.Trial || c.Acknowledged != 1 {
			t.Error(err, r, c)
		}
	})
	t.Run("reports of delivery are recorded by Message-ID; those of others are not", func(t *testing.T) {
		items := []annuaire.AlertDelivery{
			{MessageID: "<" + box.got[list[0].Address][0] + ">", Status: "delivered"}, {MessageID: box.got[list[1].Address][0], Status: "failed", Code: "5.1.1"},
			{MessageID: box.got[list[0].Address][0], Status: "delayed"}, {MessageID: "2026-001.3.00000000000000000000000000000000@x", Status: "failed"},
			{MessageID: box.got["essai@dgs.formation.mssante.fr"][0], Status: "failed"}, {MessageID: "x", Status: "failed"}}
		n, unknown, err := b.Deliveries(t.Context(), writer, a.ID, items)
		if c := b.counts(a.ID); err != nil || n != 3 || unknown != 3 || c.Delivered != 1 || c.Bounced != 1 {
			t.Error(err, n, unknown, c)
		}
	})
	t.Run("a reader reports no delivery", func(t *testing.T) {
		if _, _, err := b.Deliveries(t.Context(), stranger, a.ID, nil); annuaire.CodeOf(err) != annuaire.CodeForbidden {
			t.Error(err)
		}
	})
	t.Run("recipients are kept as long as configured", func(t *testing.T) {
		if n, err := b.Erase(t.Context()); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
	t.Run("and erased then; counts, hash and steps stay", func(t *testing.T) {
		now.pass(25 * time.Hour)
		if n, err := b.Erase(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if _, err := spool.Open(b.path(a.ID)); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Error(err)
		}
		e, err := b.Evidence(t.Context(), clerk, a.ID)
		if err != nil || e.Report.Counts.Accepted != 200 || e.Report.Counts.Acknowledged != 1 || e.Alert.Frozen.Hash != a.Frozen.Hash || e.Alert.Anonymised.IsZero() {
			t.Errorf("%v %+v", err, e.Report)
		}
		if _, err := b.Recipients(t.Context(), clerk, a.ID, 0, 10, ""); annuaire.CodeOf(err) != annuaire.CodeGone {
			t.Error(err)
		}
		if _, err := b.Receipt(t.Context(), a.ID, link); annuaire.CodeOf(err) != annuaire.CodeGone {
			t.Error(err)
		}
		if n, err := b.Erase(t.Context()); n != 0 || err != nil {
			t.Error("erased twice", n, err)
		}
	})
}

func audited(t *testing.T, b *bench) (out []string) {
	t.Helper()
	if err := b.ledger.EachAudit(annuaire.AuditFilter{}, func(r annuaire.AuditRecord) error {
		out = append(out, r.Who+" "+r.What+" "+r.Target)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNumbersAndArchive(t *testing.T) {
	box := newInbox(t)
	now := newClock(time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC))
	o := options(box)
	o.Now = now.now
	b := newBench(t, t.TempDir(), people{list: crowd(3)}, o)
	stop := b.run()
	make := func(edit func(*annuaire.AlertDraft)) annuaire.Alert {
		d := draft()
		d.Expires = now.now().Add(time.Hour)
		if edit != nil {
			edit(&d)
		}
		return b.approved(d)
	}
	first := make(nil)
	await(t, "the end", func() bool { return b.state(first.ID) == annuaire.AlertSent })
	now.pass(11*time.Hour + 30*time.Minute) // 2027 in Paris, not yet in Greenwich
	private := make(func(d *annuaire.AlertDraft) { d.Public = false })
	trial := make(func(d *annuaire.AlertDraft) { d.Status = annuaire.StatusTest })
	update := make(func(d *annuaire.AlertDraft) { d.Kind, d.Refers = annuaire.KindUpdate, first.ID })
	unsent, err := b.Create(t.Context(), writer, draft())
	if err != nil {
		t.Fatal(err)
	}
	await(t, "the end", func() bool { return b.state(update.ID) == annuaire.AlertSent })
	stop()
	t.Run("numbers begin anew with the year of Paris", func(t *testing.T) {
		if first.ID != "2026-001" || private.ID != "2027-001" || update.ID != "2027-003" {
			t.Error(first.ID, private.ID, update.ID)
		}
	})
	t.Run("the archive has what is public and was sent, the newest first", func(t *testing.T) {
		got, err := b.Published(t.Context(), "", 10)
		if err != nil || len(got) != 2 || got[0].ID != update.ID || got[1].ID != first.ID {
			t.Fatalf("%v %+v", err, got)
		}
		if got, _ := b.Published(t.Context(), update.ID, 10); len(got) != 1 || got[0].ID != first.ID {
			t.Errorf("%+v", got)
		}
	})
	t.Run("an alert that is not public, or not sent, or a test, is as if it were not", func(t *testing.T) {
		_, unknown := b.PublishedAlert(t.Context(), "2027-999")
		for _, id := range []string{private.ID, trial.ID, unsent.ID, "x", ""} {
			if _, err := b.PublishedAlert(t.Context(), id); err == nil || err.Error() != unknown.Error() {
				t.Errorf("%s: %v", id, err)
			}
			if _, err := b.PublishedCAP(t.Context(), id); err == nil || err.Error() != unknown.Error() {
				t.Errorf("%s: %v", id, err)
			}
		}
	})
	t.Run("a list goes on where it ended", func(t *testing.T) {
		page, err := b.List(t.Context(), writer, "", 2)
		if err != nil || len(page) != 2 || page[0].ID != unsent.ID {
			t.Fatal(err, page)
		}
		page, err = b.List(t.Context(), writer, page[1].ID, 9)
		if err != nil || len(page) != 3 || page[2].ID != first.ID {
			t.Error(err, len(page))
		}
	})
}
