package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// loadPostgres loads the extract into a new cluster and returns what it took: the server's share and its clients'. Making the empty
// cluster is not counted.
func loadPostgres(ctx context.Context, c *cluster, e extract, rows int64, onNames bool) (cost, error) {
	user, sys := treeCPU(c.pid())
	s := sample(c.pid(), true)
	begun := time.Now()
	took, n, err := pgSteps(ctx, c, e, onNames)
	took.wall, took.peaks = time.Since(begun), s.stop()
	afterUser, afterSys := treeCPU(c.pid())
	took.user, took.sys = took.user+afterUser-user, took.sys+afterSys-sys
	took.disk = diskUsage(c.data())
	if err == nil && n != rows {
		err = unmeasured(fmt.Sprintf("PostgreSQL took in %d rows of %d", n, rows))
	}
	return took, err
}

// pgSteps does the work, and returns what its clients took and the number of activity rows taken in.
func pgSteps(ctx context.Context, c *cluster, e extract, onNames bool) (clients cost, rows int64, err error) {
	note := func(took cost, err2 error) {
		clients, err = clients.plus(took), errors.Join(err, err2)
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
	for _, t := range tableOrder {
		if err == nil {
			note(c.copyIn(ctx, pgCopy(t), e.files[t].path))
		}
	}
	rows = lastNumber(script(pgDerive(e)))
	script(pgIndex(onNames))
	return clients, rows, err
}
