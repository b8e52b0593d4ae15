// Command bench measures annuaire at national size against the targets of docs/BENCHMARKS.md and, in the same run and on the same
// files, SQLite and PostgreSQL. `make bench` runs it; `make bench PEOPLE=50000` is the quick form.
//
// It needs the Go toolchain and, for the peers, sqlite3 and PostgreSQL 15 with its contrib modules; a peer that is not installed is
// left out and the table says so. Everything it writes is in a temporary folder that it removes, but for the generated extracts,
// which -out keeps for the next run. It runs on Linux: memory and CPU come from /proc.
package main

import (
	"context"
	"fmt"
	"os"

	"annuaire/bench/rig"
)

func main() { rig.Main("bench", start) }

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
