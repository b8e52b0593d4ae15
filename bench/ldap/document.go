package main

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"annuaire/bench/rig"
)

// method says how things are measured; notes, written by hand after looking at a run, say what bounds each figure.
var (
	//go:embed method.md
	method string
	//go:embed notes.md
	notes string
)

// document is docs/BENCHMARKS-LDAP.md.
func document(r *results) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	p("# LDAP benchmarks\n\nWritten by `make bench-ldap`; do not edit (the text is in bench/ldap/method.md and bench/ldap/notes.md).\n\n")
	p("- **When:** %s\n- **Machine:** %s\n- **Command:** `%s`\n", r.when.Format("2006-01-02 15:04 UTC"), r.machine, r.options.command())
	p("- **Data:** made up, %d people, seed %d: %d entries of mailboxes\n\n", r.options.people, rig.Seed, r.entries)
	p("## Against the targets\n\nA ratio above 1: ours is better. A target is for 2 million people.\n\n%s\n", summary(r).Markdown())
	for _, n := range r.options.conns {
		p("## %s\n\n%s\n%s", strings.ToUpper(connections(n)[:1])+connections(n)[1:], questionTable(r, n).Markdown(), incomplete(r, n))
	}
	p("## Load, memory, reading everything\n\n%s\n", serverTable(r).Markdown())
	if r.why == "" {
		p("%d values that slapd takes for the same as another one of their attribute, but for case and spaces, were left out of its entries.\n\n", r.dropped)
		p("## The same answers?\n\n%s\n", agreementTable(r).Markdown())
	}
	p("%s\n%s", method, notes)
	return b.String()
}

func questionTable(r *results, conns int) rig.Table {
	t := rig.Table{Head: []string{"question", "searches/s", "p50", "p99", "CPU per search", "slapd searches/s", "p50", "p99", "CPU per search", "ratio of searches/s"}}
	for _, k := range r.kinds {
		p := k.turns[conns]
		cells := []string{k.name}
		for _, f := range []figures{p.ours, p.slapd} {
			cells = append(cells, perSecond(f.rate), rig.Span(f.p50), rig.Span(f.p99), fine(f.cpu))
		}
		t.Add(append(cells, rig.Times(p.ratio()))...)
	}
	return t
}

// incomplete says which figures are not what they seem: "" when all are.
func incomplete(r *results, conns int) string {
	var b strings.Builder
	for _, k := range r.kinds {
		for _, s := range []struct {
			name string
			figures
		}{{oursName, k.turns[conns].ours}, {slapdName, k.turns[conns].slapd}} {
			if s.refused > 0 {
				fmt.Fprintf(&b, "- %s, %s: %d searches were answered with an error (%s) and do not count as done.\n", s.name, k.name, s.refused, s.why)
			}
			if s.none {
				fmt.Fprintf(&b, "- %s, %s: a turn ended without one search done; its rate counts as one in that time, which is more than it was.\n", s.name, k.name)
			}
			if s.cut > 0 {
				fmt.Fprintf(&b, "- %s, %s: %d searches were cut off at the end of their turn; p50 and p99 count what they had waited.\n", s.name, k.name, s.cut)
			}
		}
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	return b.String()
}

func serverTable(r *results) rig.Table {
	t := rig.Table{Head: []string{"", "load", "CPU of the load", "on disk", "memory of the load, anonymous", "reading everything", "entries/s", "CPU per entry",
		"memory while asked, anonymous", "with mapped files, peak"}}
	for _, s := range []struct {
		name, why string
		serverResult
	}{{oursName, "", r.ours}, {slapdName, r.why, r.slapd}} {
		if s.why != "" {
			t.Add(s.name, s.why)
			continue
		}
		cells := []string{s.name, rig.Span(s.load.Wall), rig.Span(s.load.User + s.load.Sys), rig.Size(s.load.Disk), rig.Size(s.load.Anon)}
		if f := s.read; f != nil && f.entries > 0 {
			cells = append(cells, rig.Span(f.took), perSecond(float64(f.entries)/f.took.Seconds()), fine(f.cpu/time.Duration(f.entries)))
		} else {
			cells = append(cells, rig.None, rig.None, rig.None)
		}
		t.Add(append(cells, rig.Size(s.memory.Anon), rig.Size(s.memory.Total))...)
	}
	return t
}

func agreementTable(r *results) rig.Table {
	t := rig.Table{Head: []string{"question", "entries found (median)", "asked of both", "neither cut", "as many entries", "the same entries", "annuaire has more", "slapd has more",
		"others: the same if strict", "cut, as many entries"}}
	for _, k := range r.kinds {
		if k.pages {
			continue
		}
		g := k.agreement
		cells := []string{k.name, strconv.Itoa(k.medianFound())}
		for _, n := range []int{g.asked, g.whole, g.same, g.names, g.more, g.fewer, g.strict, g.cut} {
			cells = append(cells, strconv.Itoa(n))
		}
		t.Add(cells...)
	}
	return t
}
