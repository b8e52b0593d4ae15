package main

import (
	_ "embed"
	"fmt"
	"os"
	"strconv"
	"strings"
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
	p("- **Data:** made up, %d people, %d activity rows, seed %d\n\n", r.options.people, r.rows, seed)
	p("## Against the targets\n\nA ratio is the peer's figure divided by ours: above 1, ours is better. A target is for 2 million people.\n\n%s\n",
		summary(r).markdown())
	if r.load != nil {
		p("## First load\n\n%s\n", loadTable(r.load).markdown())
	}
	if r.delta != nil {
		p("## Daily sync\n\n%s\n", deltaTable(r.delta).markdown())
	}
	if r.start != nil {
		p("## Start\n\n%s\n", startTable(r.start).markdown())
	}
	if r.search != nil {
		p("## Search mix\n\n%s\n", searchTable(r.search).markdown())
		p("The whole mix: p50 %s and p99 %s with one client; p50 %s, p99 %s and at most %s with %d. Meanwhile our server had %s of anonymous memory, %s with mapped files.\n\n",
			span(r.search.alone.p50), span(r.search.alone.p99), span(r.search.crowd.p50), span(r.search.crowd.p99), span(r.search.crowd.max), crowd,
			size(r.search.server.anon), size(r.search.server.total))
		if r.search.why == "" {
			p("%s\n", agreementTable(r.search).markdown())
		}
	}
	if r.typing != nil {
		p("## As people type\n\n%s\n", typingTable(r.typing).markdown())
	}
	if r.right != nil {
		p("## Relevance\n\n%s\n", rightText(r.right))
	}
	p("%s\n%s", method, notes)
	return b.String()
}

func loadTable(l *loadResult) table {
	t := table{head: []string{"first load", "wall", "CPU user", "CPU system", "anonymous memory, peak", "with mapped files, peak", "on disk"}}
	for _, s := range []struct {
		name string
		peer
	}{{"annuaire", peer{cost: l.ours}}, {sqliteName, l.sqlite}, {postgresName, l.postgres}} {
		if s.why != "" {
			t.add(s.name, s.why)
			continue
		}
		t.add(s.name, span(s.wall), span(s.user), span(s.sys), size(s.anon), size(s.total), size(s.disk))
	}
	return t
}

func deltaTable(d *deltaResult) table {
	t := table{head: []string{"daily sync", ""}}
	for _, k := range []struct {
		name string
		counts
	}{{"people", d.report.People}, {"structures", d.report.Structures}, {"mailboxes", d.report.Mailboxes}} {
		t.add(k.name+" created / changed / gone", fmt.Sprintf("%d / %d / %d", k.Created, k.Changed, k.Gone))
	}
	t.add("wall", span(d.took.wall))
	t.add("server: anonymous memory, peak", size(d.server.anon))
	t.add("server: with mapped files, peak", size(d.server.total))
	t.add("readers before: p50 / p99 / longest", span(d.before.p50)+" / "+span(d.before.p99)+" / "+span(d.before.max))
	t.add("readers during: p50 / p99 / longest", span(d.during.p50)+" / "+span(d.during.p99)+" / "+span(d.during.max))
	t.add("questions answered during it", strconv.Itoa(d.asked))
	t.add("the same files again: median / longest", span(median(d.again))+" / "+span(percentile(d.again, 1)))
	return t
}

func startTable(s *startResult) table {
	t := table{head: []string{"start", "fastest", "median", "slowest"}}
	t.add(fmt.Sprintf("%d times, files in the page cache", len(s.times)), span(percentile(s.times, 0.0001)), span(median(s.times)), span(percentile(s.times, 1)))
	return t
}

func searchTable(s *searchResult) table {
	t := table{head: []string{"question", "values", "people found (median)", "p50, 1 client", "of which in the server", "p99, 1 client", "p50, 8 clients",
		"p99, 8 clients", "PostgreSQL p50, identifiers", "p99", "p50, items", "p99"}}
	for k, r := range s.kinds {
		t.add(mix[k].name, strconv.Itoa(r.values), strconv.FormatInt(r.people, 10), span(r.alone.p50), span(r.inside), span(r.alone.p99), span(r.crowd.p50),
			span(r.crowd.p99), span(r.ids.p50), span(r.ids.p99), span(r.items.p50), span(r.items.p99))
	}
	return t
}

func agreementTable(s *searchResult) table {
	t := table{head: []string{"same answers?", "asked of both", "same total", "same first 20", "largest difference of totals", "PostgreSQL's faster form"}}
	for k, r := range s.kinds {
		g := r.agreement
		t.add(mix[k].name, strconv.Itoa(g.asked), strconv.Itoa(g.totals), strconv.Itoa(g.pages), fmt.Sprintf("%.2f %%", 100*g.apart), forms[r.form].name)
	}
	return t
}

// writeDoc writes the page whole or not at all.
func writeDoc(path, text string) error {
	if err := os.WriteFile(path+".tmp", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
