package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"annuaire/bench/rig"
)

// loadPostgres loads the extract into a new cluster and returns what it took: the server's share and its clients'. Making the empty
// cluster is not counted.
func loadPostgres(ctx context.Context, c *cluster, e rig.Extract, rows int64, onNames bool) (rig.Cost, error) {
	user, sys := rig.TreeCPU(c.Pid())
	s := rig.Sample(c.Pid(), true)
	begun := time.Now()
	took, n, err := pgSteps(ctx, c, e, onNames)
	took.Wall, took.Peaks = time.Since(begun), s.Stop()
	afterUser, afterSys := rig.TreeCPU(c.Pid())
	took.User, took.Sys = took.User+afterUser-user, took.Sys+afterSys-sys
	took.Disk = rig.DiskUsage(c.data())
	if err == nil && n != rows {
		err = rig.Unmeasured(fmt.Sprintf("PostgreSQL took in %d rows of %d", n, rows))
	}
	return took, err
}

// pgSteps does the work, and returns what its clients took and the number of activity rows taken in.
func pgSteps(ctx context.Context, c *cluster, e rig.Extract, onNames bool) (clients rig.Cost, rows int64, err error) {
	note := func(took rig.Cost, err2 error) {
		clients, err = clients.Plus(took), errors.Join(err, err2)
	}
	script := func(text string) (out string) {
		if err != nil {
			return ""
		}
		out, took, err2 := c.script(ctx, text)
		note(took, err2)
		return out
	}
	script(pgPrepare(e))
	for _, t := range rig.TableOrder {
		if err == nil {
			note(c.copyIn(ctx, pgCopy(t), e.Files[t].Path))
		}
	}
	rows = lastNumber(script(pgDerive(e)))
	script(pgIndex(onNames))
	return clients, rows, err
}
