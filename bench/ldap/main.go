// Command ldap measures the LDAP address book of annuaire and, in the same run and on the same entries, OpenLDAP's slapd with back-mdb,
// by the requests that mail clients were seen to send. `make bench-ldap` runs it; `make bench-ldap PEOPLE=50000` is the quick form.
//
// It needs the Go toolchain and, for the peer, Debian's package slapd; without it the table says so and annuaire is measured alone.
// Everything it writes is in a temporary folder that it removes, but for the generated extracts, which -out keeps for the next run.
// It runs on Linux: memory and CPU come from /proc.
package main

import (
	"context"
	"fmt"
	"os"

	"annuaire/bench/rig"
)

func main() { rig.Main("bench/ldap", start) }

func start(ctx context.Context, args []string) error {
	o, err := parseOptions(args, os.Stderr)
	if err != nil {
		return err
	}
	res, err := measure(ctx, o)
	if err != nil {
		return err
	}
	fmt.Print(summary(res).Markdown())
	if o.doc == "" {
		return nil
	}
	return rig.WriteDoc(o.doc, document(res))
}
