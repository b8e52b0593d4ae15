package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

const (
	sqliteName   = "SQLite"
	postgresName = "PostgreSQL"
)

// summary is the one table of a run: ours, the peer, how many times better we are, the target and whether it is met.
func summary(r *results) table {
	t := table{head: []string{"what", "annuaire", "peer", "ratio", "target", "met"}}
	if r.load != nil {
		summariseLoad(&t, r.load)
	}
	if d := r.delta; d != nil {
		share := float64(d.report.People.total()) / float64(r.options.people) * 100
		t.add(fmt.Sprintf("daily sync, %.2f %% of people changed", share), span(d.took.wall), none, none,
			"<= "+span(targetDelta), yesNo(d.took.wall <= targetDelta))
		t.add(fmt.Sprintf("— p99 of %d readers before / during", readers), span(d.before.p99)+" / "+span(d.during.p99), none, none, none, none)
		t.add("— longest answer during it", span(d.during.max), none, none, "readers never blocked: <= "+span(targetBlocked),
			yesNo(d.asked > 0 && d.during.max <= targetBlocked))
		again := median(d.again)
		t.add("nothing new", span(again), none, none, "< "+span(targetAgain), yesNo(again < targetAgain))
	}
	if r.start != nil {
		m := median(r.start.times)
		t.add("start to first answer", span(m), none, none, "<= "+span(targetStart), yesNo(m <= targetStart))
	}
	if r.search != nil {
		summariseSearch(&t, r.search)
	}
	if r.typing != nil {
		p99 := r.typing.worstSuggest()
		t.add(fmt.Sprintf("suggestions, p99 at %d clients", crowd), span(p99), none, none, "< "+span(targetSuggest), yesNo(p99 < targetSuggest))
	}
	if r.right != nil {
		r5 := r.right.ours[len(r.right.ours)-1].Recall5()
		t.add(fmt.Sprintf("relevance, recall@5 of %d questions", r.right.ours[len(r.right.ours)-1].N), fmt.Sprintf("%.3f", r5), r.right.peer(), none, ">= 0.98", yesNo(r5 >= 0.98))
	}
	return t
}

func summariseLoad(t *table, l *loadResult) {
	ratio, met := versus(l.ours.wall, l.sqlite, ">= 1")
	t.add("first load", span(l.ours.wall), peerCell(sqliteName, l.sqlite, span(l.sqlite.wall)), ratio, "no slower than SQLite", met)
	ratio, _ = versus(l.ours.wall, l.postgres, "")
	t.add("first load", span(l.ours.wall), peerCell(postgresName, l.postgres, span(l.postgres.wall)), ratio, none, none)
	t.add("— anonymous memory, peak", size(l.ours.anon), peerCell(sqliteName, l.sqlite, size(l.sqlite.anon)),
		times(advantage(float64(l.ours.anon), float64(l.sqlite.anon))), "<= "+size(targetAnon), judged(l.ours.anon > 0, l.ours.anon <= targetAnon))
	t.add("— memory with mapped files, peak", size(l.ours.total), peerCell(sqliteName, l.sqlite, size(l.sqlite.total)),
		times(advantage(float64(l.ours.total), float64(l.sqlite.total))), "reported", none)
}

// versus compares a time with a peer's; judge is not "" where there is a target to meet: no slower.
func versus(ours time.Duration, p peer, judge string) (ratio, met string) {
	if p.why != "" {
		return none, none
	}
	a := advantage(float64(ours), float64(p.wall))
	return times(a), judged(judge != "" && a > 0, a >= 1)
}

// judged is yes or no, or nothing where nothing was measured.
func judged(measured, ok bool) string {
	if !measured {
		return none
	}
	return yesNo(ok)
}

// peerCell is a figure of a peer, or why there is none.
func peerCell(name string, p peer, figure string) string {
	return name + ": " + cmp.Or(p.why, figure)
}

func summariseSearch(t *table, s *searchResult) {
	for _, sh := range []struct {
		shape
		returns string
	}{{identifiers, "identifiers"}, {items, "whole items, as ours"}} {
		ratios := s.ratios(sh.shape)
		mean, met := geometricMean(ratios), none
		if mean > 0 {
			met = yesNo(mean >= targetMean)
		}
		what := fmt.Sprintf("search mix, geometric mean; %s returns %s", postgresName, sh.returns)
		t.add(what, none, cmp.Or(s.why, "p50, 1 client"), times(mean), fmt.Sprintf(">= %g×", targetMean), met)
		if mean > 0 {
			worst := slices.Min(ratios)
			t.add("— smallest ratio", none, none, times(worst), "none slower", yesNo(worst >= 1))
		}
	}
	t.add(fmt.Sprintf("— p99 at %d clients", crowd), span(s.crowd.p99), none, none, "<= "+span(targetCrowdP99),
		judged(s.crowd.p99 > 0, s.crowd.p99 <= targetCrowdP99))
	for k, r := range s.kinds {
		a, b := r.ratio(identifiers), r.ratio(items)
		peer, ratio, met := none, none, none
		if a > 0 && b > 0 {
			peer = span(r.ids.p50) + " / " + span(r.items.p50)
			ratio, met = times(a)+" / "+times(b), yesNo(a >= 1)+" / "+yesNo(b >= 1)
		}
		t.add("— "+mix[k].name, span(r.alone.p50), peer, ratio, "no slower", met)
	}
}
