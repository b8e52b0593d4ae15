package main

import (
	"context"
	"slices"
	"strconv"

	"annuaire/bench/rig"
)

// The names of the two in tables.
const (
	oursName  = "annuaire"
	slapdName = "slapd"
)

// base is the first naming context: the mailboxes.
const base = "dc=mssante,dc=fr"

// entryLimit is how many entries a search without pages and without a limit of its own gets, of both servers: our default.
const entryLimit = 1000

// unlimited lifts the limits of an address, as we are many clients at one, and those that would cut a slow answer short and make it look quick.
var unlimited = []string{"ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0", "ANNUAIRE_LIMITS_SEARCH_BUDGET=1m",
	"ANNUAIRE_LDAP_ENTRIES=" + strconv.Itoa(entryLimit), "ANNUAIRE_LDAP_PER_ADDRESS=" + strconv.Itoa(2*maxConns)}

// serveOurs starts annuaire with LDAP alone and more settings, and waits until it answers.
func serveOurs(ctx context.Context, p rig.Product, more ...string) (*server, error) {
	addr, err := rig.FreeAddress()
	if err != nil {
		return nil, err
	}
	c, err := p.Start(ctx, slices.Concat(unlimited, more), "serve", "--http", "", "--ldap", addr)
	if err != nil {
		return nil, err
	}
	return started(ctx, c, oursName, addr, base)
}
