package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// options are the command line.
type options struct {
	people   int
	out      string // where the extracts are kept from one run to the next
	tmp      string // where everything else goes; "" is the system's folder for temporary files
	doc      string // the page to write; "" for none
	conns    []int  // connections that ask at a time
	rounds   int    // turns of each server, for each question and number of connections
	time     time.Duration
	only     string // part of the names of the questions asked; "" is all
	skipPeer bool
	wide     bool // slapd has a substring index on every attribute that a question names
}

const (
	defaultRounds = 3
	defaultTime   = 2 * time.Second
	defaultConns  = "1,8,64"
)

func parseOptions(args []string, usage io.Writer) (options, error) {
	var o options
	var conns string
	fs := flag.NewFlagSet("bench/ldap", flag.ContinueOnError)
	fs.SetOutput(usage)
	fs.IntVar(&o.people, "people", 2_000_000, "people in the generated extracts; about a quarter as many mailboxes")
	fs.StringVar(&o.out, "out", "bench-data", "folder of the generated extracts, reused when they are there")
	fs.StringVar(&o.tmp, "tmp", "", "folder for the databases, removed at the end (default: the system's temporary folder)")
	fs.StringVar(&o.doc, "doc", "docs/BENCHMARKS-LDAP.md", "page to write; \"\" for none")
	fs.StringVar(&conns, "conns", defaultConns, "numbers of connections that ask at a time")
	fs.IntVar(&o.rounds, "rounds", defaultRounds, "turns of each server, for each question and number of connections")
	fs.DurationVar(&o.time, "time", defaultTime, "how long a turn lasts, at least")
	fs.StringVar(&o.only, "only", "", "ask the questions whose name has this in it")
	fs.BoolVar(&o.skipPeer, "skip-peer", false, "measure annuaire only")
	fs.BoolVar(&o.wide, "wide-index", false, "give slapd a substring index on every attribute that a question names")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.conns, err = parseConns(conns); err != nil {
		return o, err
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case o.people < 1000:
		return o, errors.New("-people: at least 1000, for the questions to have answers")
	case o.rounds < 1:
		return o, errors.New("-rounds: at least 1")
	case o.time < 10*time.Millisecond || o.time > time.Minute:
		return o, errors.New("-time: from 10ms to 1m")
	case len(o.questions()) == 0:
		return o, fmt.Errorf("-only: no question has %q in its name", o.only)
	}
	return o, nil
}

// maxConns is under what annuaire takes of one address.
const maxConns = 512

func parseConns(list string) (out []int, err error) {
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 1 || n > maxConns || slices.Contains(out, n) {
			return nil, fmt.Errorf("-conns: different numbers from 1 to %d, as %s (got %q)", maxConns, defaultConns, list)
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return out, nil
}

// questions are those asked.
func (o options) questions() (out []question) {
	for _, q := range questions {
		if strings.Contains(strings.ToLower(q.name), strings.ToLower(o.only)) {
			out = append(out, q)
		}
	}
	return out
}

// command is what to type to run the same again. Folders are left out: they are this machine's and change no figure.
func (o options) command() string {
	c := []string{"go run ./bench/ldap -people", strconv.Itoa(o.people)}
	conns := strings.Trim(strings.ReplaceAll(fmt.Sprint(o.conns), " ", ","), "[]")
	if conns != defaultConns {
		c = append(c, "-conns", conns)
	}
	if o.rounds != defaultRounds {
		c = append(c, "-rounds", strconv.Itoa(o.rounds))
	}
	if o.time != defaultTime {
		c = append(c, "-time", o.time.String())
	}
	if o.only != "" {
		c = append(c, "-only", strconv.Quote(o.only))
	}
	if o.skipPeer {
		c = append(c, "-skip-peer")
	}
	if o.wide {
		c = append(c, "-wide-index")
	}
	return strings.Join(c, " ")
}
