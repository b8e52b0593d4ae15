package main

import (
	"context"
	"path/filepath"
	"strings"

	"annuaire/bench/rig"
)

// versions names the peers that are installed.
func versions(ctx context.Context) (out []string) {
	if v := rig.FirstWords(ctx, 1, "sqlite3", "--version"); v != "" {
		out = append(out, sqliteName+" "+v)
	}
	if bin, err := postgresBin(); err == nil {
		if v := rig.FirstWords(ctx, 3, filepath.Join(bin, "postgres"), "--version"); v != "" {
			out = append(out, postgresName+" "+strings.TrimPrefix(v, "postgres (PostgreSQL) "))
		}
	}
	return out
}
