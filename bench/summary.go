package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"annuaire/bench/rig"
)

const (
	sqliteName   = "SQLite"
	postgresName = "PostgreSQL"
)

// summary is the one table of a run: ours, the peer, how many times better we are, the target and whether it is met.
func summary(r *results) rig.Table {
	t := rig.Table{Head: []string{"what", "annuaire", "peer", "ratio", "target", "met"}}
	if r.load != nil {
		summariseLoad(&t, r.load)
	}
	if d := r.delta; d != nil {
		share := float64(d.report.People.Total()) / float64(r.options.people) * 100
		t.Add(fmt.Sprintf("daily sync, %.2f %% of people changed", share), rig.Span(d.took.Wall), rig.None, rig.None,
			"<= "+rig.Span(targetDelta), rig.YesNo(d.took.Wall <= targetDelta))
		t.Add(fmt.Sprintf("— p99 of %d readers before / during / after", readers), rig.Span(d.before.P99)+" / "+rig.Span(d.during.P99)+" / "+rig.Span(d.after.P99), rig.None, rig.None, rig.None, rig.None)
		t.Add("— longest answer during it", rig.Span(d.during.Max), rig.None, rig.None, "readers never blocked: <= "+rig.Span(targetBlocked),
			rig.YesNo(d.asked > 0 && d.during.Max <= targetBlocked))
		again := rig.Median(d.again)
		t.Add("nothing new", rig.Span(again), rig.None, rig.None, "< "+rig.Span(targetAgain), rig.YesNo(again < targetAgain))
	}
	if r.start != nil {
		m := rig.Median(r.start.times)
		t.Add("start to first answer", rig.Span(m), rig.None, rig.None, "<= "+rig.Span(targetStart), rig.YesNo(m <= targetStart))
	}
	if r.search != nil {
		summariseSearch(&t, r.search)
	}
	if r.typing != nil {
		p99 := r.typing.worstSuggest()
		t.Add(fmt.Sprintf("suggestions, p99 at %d clients", crowd), rig.Span(p99), rig.None, rig.None, "< "+rig.Span(targetSuggest), rig.YesNo(p99 < targetSuggest))
	}
	if r.right != nil {
		r5 := r.right.ours[len(r.right.ours)-1].Recall5()
		t.Add(fmt.Sprintf("relevance, recall@5 of %d questions", r.right.ours[len(r.right.ours)-1].N), fmt.Sprintf("%.3f", r5), r.right.peer(), rig.None, ">= 0.98", rig.YesNo(r5 >= 0.98))
	}
	return t
}

func summariseLoad(t *rig.Table, l *loadResult) {
	ratio, met := versus(l.ours.Wall, l.sqlite, ">= 1")
	t.Add("first load", rig.Span(l.ours.Wall), rig.PeerCell(sqliteName, l.sqlite, rig.Span(l.sqlite.Wall)), ratio, "no slower than SQLite", met)
	ratio, _ = versus(l.ours.Wall, l.postgres, "")
	t.Add("first load", rig.Span(l.ours.Wall), rig.PeerCell(postgresName, l.postgres, rig.Span(l.postgres.Wall)), ratio, rig.None, rig.None)
	t.Add("— anonymous memory, peak", rig.Size(l.ours.Anon), rig.PeerCell(sqliteName, l.sqlite, rig.Size(l.sqlite.Anon)),
		rig.Times(rig.Advantage(float64(l.ours.Anon), float64(l.sqlite.Anon))), "<= "+rig.Size(targetAnon), rig.Judged(l.ours.Anon > 0, l.ours.Anon <= targetAnon))
	t.Add("— memory with mapped files, peak", rig.Size(l.ours.Total), rig.PeerCell(sqliteName, l.sqlite, rig.Size(l.sqlite.Total)),
		rig.Times(rig.Advantage(float64(l.ours.Total), float64(l.sqlite.Total))), "reported", rig.None)
}

// versus compares a time with a peer's; judge is not "" where there is a target to meet: no slower.
func versus(ours time.Duration, p rig.Peer, judge string) (ratio, met string) {
	if p.Why != "" {
		return rig.None, rig.None
	}
	a := rig.Advantage(float64(ours), float64(p.Wall))
	return rig.Times(a), rig.Judged(judge != "" && a > 0, a >= 1)
}

func summariseSearch(t *rig.Table, s *searchResult) {
	for _, sh := range []struct {
		shape
		returns string
	}{{identifiers, "identifiers"}, {items, "whole items, as ours"}} {
		ratios := s.ratios(sh.shape)
		mean := rig.GeometricMean(ratios)
		what := fmt.Sprintf("search mix, geometric mean; %s returns %s", postgresName, sh.returns)
		t.Add(what, rig.None, cmp.Or(s.why, "p50, 1 client"), rig.Times(mean), fmt.Sprintf(">= %g×", targetMean), rig.Judged(mean > 0, mean >= targetMean))
		if mean > 0 {
			worst := slices.Min(ratios)
			t.Add("— smallest ratio", rig.None, rig.None, rig.Times(worst), "none slower", rig.YesNo(worst >= 1))
		}
	}
	t.Add(fmt.Sprintf("— p99 at %d clients", crowd), rig.Span(s.crowd.P99), rig.None, rig.None, "<= "+rig.Span(targetCrowdP99),
		rig.Judged(s.crowd.P99 > 0, s.crowd.P99 <= targetCrowdP99))
	for k, r := range s.kinds {
		a, b := r.ratio(identifiers), r.ratio(items)
		peer, ratio, met := rig.None, rig.None, rig.None
		if a > 0 && b > 0 {
			peer = rig.Span(r.ids.P50) + " / " + rig.Span(r.items.P50)
			ratio, met = rig.Times(a)+" / "+rig.Times(b), rig.YesNo(a >= 1)+" / "+rig.YesNo(b >= 1)
		}
		t.Add("— "+mix[k].name, rig.Span(r.alone.P50), peer, ratio, "no slower", met)
	}
}
