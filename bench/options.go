package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// part is one chapter of the run.
type part string

// The parts, in the order in which they are measured: the delta is last because it changes the data.
const (
	partLoad   part = "load"
	partStart  part = "start"
	partSearch part = "search"
	partTyping part = "typing"
	partRight  part = "relevance"
	partDelta  part = "delta"
)

var allParts = []part{partLoad, partStart, partSearch, partTyping, partRight, partDelta}

// options are the command line.
type options struct {
	people    int
	out       string // where the extracts are kept from one run to the next
	tmp       string // where everything else goes; "" is the system's folder for temporary files
	doc       string // the page to write; "" for none
	only      map[part]bool
	skipPeers bool
	pgNames   bool // PostgreSQL has a b-tree on names too
	rounds    int  // how often our server is asked each question of the mix
}

func parseOptions(args []string, usage io.Writer) (options, error) {
	var o options
	var only string
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	fs.SetOutput(usage)
	fs.IntVar(&o.people, "people", 2_000_000, "people in the generated extracts")
	fs.StringVar(&o.out, "out", "bench-data", "folder of the generated extracts, reused when they are there")
	fs.StringVar(&o.tmp, "tmp", "", "folder for the databases, removed at the end (default: the system's temporary folder)")
	fs.StringVar(&o.doc, "doc", "docs/BENCHMARKS.md", "page to write; \"\" for none")
	fs.StringVar(&only, "only", "", "parts to measure: load,start,search,typing,relevance,delta (default all)")
	fs.BoolVar(&o.skipPeers, "skip-peers", false, "measure annuaire only")
	fs.IntVar(&o.rounds, "rounds", 10, "times each question is asked of annuaire")
	fs.BoolVar(&o.pgNames, "pg-names", false, "give PostgreSQL a b-tree on names in order too, besides trigrams")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if o.people < 1000 {
		return o, errors.New("-people: at least 1000, for the questions to have answers")
	}
	if o.rounds < 1 {
		return o, errors.New("-rounds: at least 1")
	}
	var err error
	o.only, err = parseParts(only)
	return o, err
}

func parseParts(list string) (map[part]bool, error) {
	out := map[part]bool{}
	for name := range strings.SplitSeq(list, ",") {
		p := part(strings.TrimSpace(name))
		if p != "" && !slices.Contains(allParts, p) {
			return nil, fmt.Errorf("-only: some of load,start,search,typing,relevance,delta (got %q)", list)
		}
		out[p] = true
	}
	delete(out, "")
	if len(out) == 0 {
		for _, p := range allParts {
			out[p] = true
		}
	}
	return out, nil
}

// command is what to type to run the same again. Folders are left out: they are this machine's and change no figure.
func (o options) command() string {
	c := []string{"go run ./bench -people", strconv.Itoa(o.people)}
	if len(o.only) < len(allParts) {
		var names []string
		for _, p := range allParts {
			if o.only[p] {
				names = append(names, string(p))
			}
		}
		c = append(c, "-only", strings.Join(names, ","))
	}
	if o.skipPeers {
		c = append(c, "-skip-peers")
	}
	if o.pgNames {
		c = append(c, "-pg-names")
	}
	if o.rounds != 10 {
		c = append(c, "-rounds", strconv.Itoa(o.rounds))
	}
	return strings.Join(c, " ")
}
