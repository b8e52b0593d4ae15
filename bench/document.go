package main

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"annuaire/bench/rig"
)

// method says how things are measured; notes, written by hand after looking at a run, say what bounds each figure.
var (
	//go:embed method.md
	method string
	//go:embed notes.md
	notes string
)

// document is docs/BENCHMARKS.md.
func document(r *results) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	p("# Benchmarks\n\nWritten by `make bench`; do not edit (the text is in bench/method.md and bench/notes.md).\n\n")
	p("- **When:** %s\n- **Machine:** %s\n- **Command:** `%s`\n", r.when.Format("2006-01-02 15:04 UTC"), r.machine, r.options.command())
	p("- **Data:** made up, %d people, %d activity rows, seed %d\n\n", r.options.people, r.rows, rig.Seed)
	p("## Against the targets\n\nA ratio is the peer's figure divided by ours: above 1, ours is better. A target is for 2 million people.\n\n%s\n",
		summary(r).Markdown())
	if r.load != nil {
		p("## First load\n\n%s\n", loadTable(r.load).Markdown())
	}
	if r.delta != nil {
		p("## Daily sync\n\n%s\n", deltaTable(r.delta).Markdown())
	}
	if r.start != nil {
		p("## Start\n\n%s\n", startTable(r.start).Markdown())
	}
	if r.search != nil {
		p("## Search mix\n\n%s\n", searchTable(r.search).Markdown())
		p("The whole mix: p50 %s and p99 %s with one client; p50 %s, p99 %s and at most %s with %d. Meanwhile our server had %s of anonymous memory, %s with mapped files.\n\n",
			rig.Span(r.search.alone.P50), rig.Span(r.search.alone.P99), rig.Span(r.search.crowd.P50), rig.Span(r.search.crowd.P99), rig.Span(r.search.crowd.Max), crowd,
			rig.Size(r.search.server.Anon), rig.Size(r.search.server.Total))
		if r.search.why == "" {
			p("%s\n", agreementTable(r.search).Markdown())
		}
	}
	if r.typing != nil {
		p("## As people type\n\n%s\n", typingTable(r.typing).Markdown())
	}
	if r.right != nil {
		p("## Relevance\n\n%s\n", rightText(r.right))
	}
	p("%s\n%s", method, notes)
	return b.String()
}

func loadTable(l *loadResult) rig.Table {
	t := rig.Table{Head: []string{"first load", "wall", "CPU user", "CPU system", "anonymous memory, peak", "with mapped files, peak", "on disk"}}
	for _, s := range []struct {
		name string
		rig.Peer
	}{{"annuaire", rig.Peer{Cost: l.ours}}, {sqliteName, l.sqlite}, {postgresName, l.postgres}} {
		if s.Why != "" {
			t.Add(s.name, s.Why)
			continue
		}
		t.Add(s.name, rig.Span(s.Wall), rig.Span(s.User), rig.Span(s.Sys), rig.Size(s.Anon), rig.Size(s.Total), rig.Size(s.Disk))
	}
	return t
}

func deltaTable(d *deltaResult) rig.Table {
	t := rig.Table{Head: []string{"daily sync", ""}}
	for _, k := range []struct {
		name string
		rig.Counts
	}{{"people", d.report.People}, {"structures", d.report.Structures}, {"mailboxes", d.report.Mailboxes}} {
		t.Add(k.name+" created / changed / gone", fmt.Sprintf("%d / %d / %d", k.Created, k.Changed, k.Gone))
	}
	t.Add("wall", rig.Span(d.took.Wall))
	t.Add("server: anonymous memory, peak", rig.Size(d.server.Anon))
	t.Add("server: with mapped files, peak", rig.Size(d.server.Total))
	t.Add("readers before: p50 / p99 / longest", rig.Span(d.before.P50)+" / "+rig.Span(d.before.P99)+" / "+rig.Span(d.before.Max))
	t.Add("readers during: p50 / p99 / longest", rig.Span(d.during.P50)+" / "+rig.Span(d.during.P99)+" / "+rig.Span(d.during.Max))
	t.Add("readers after: p50 / p99 / longest", rig.Span(d.after.P50)+" / "+rig.Span(d.after.P99)+" / "+rig.Span(d.after.Max))
	t.Add("questions answered during it", strconv.Itoa(d.asked))
	t.Add("the same files again: median / longest", rig.Span(rig.Median(d.again))+" / "+rig.Span(rig.Percentile(d.again, 1)))
	return t
}

func startTable(s *startResult) rig.Table {
	t := rig.Table{Head: []string{"start", "fastest", "median", "slowest"}}
	t.Add(fmt.Sprintf("%d times, files in the page cache", len(s.times)), rig.Span(rig.Percentile(s.times, 0.0001)), rig.Span(rig.Median(s.times)), rig.Span(rig.Percentile(s.times, 1)))
	return t
}

func searchTable(s *searchResult) rig.Table {
	t := rig.Table{Head: []string{"question", "values", "people found (median)", "p50, 1 client", "of which in the server", "p99, 1 client", "p50, 8 clients",
		"p99, 8 clients", "PostgreSQL p50, identifiers", "p99", "p50, items", "p99"}}
	for k, r := range s.kinds {
		t.Add(mix[k].name, strconv.Itoa(r.values), strconv.FormatInt(r.people, 10), rig.Span(r.alone.P50), rig.Span(r.inside), rig.Span(r.alone.P99), rig.Span(r.crowd.P50),
			rig.Span(r.crowd.P99), rig.Span(r.ids.P50), rig.Span(r.ids.P99), rig.Span(r.items.P50), rig.Span(r.items.P99))
	}
	return t
}

func agreementTable(s *searchResult) rig.Table {
	t := rig.Table{Head: []string{"same answers?", "asked of both", "same total", "same first 20", "largest difference of totals", "PostgreSQL's faster form"}}
	for k, r := range s.kinds {
		g := r.agreement
		t.Add(mix[k].name, strconv.Itoa(g.asked), strconv.Itoa(g.totals), strconv.Itoa(g.pages), fmt.Sprintf("%.2f %%", 100*g.apart), forms[r.form].name)
	}
	return t
}
