package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"annuaire/bench/rig"
)

// sqliteScript loads the four files into plain text tables, with full text over the names, structure and city of the activity table
// and indexes on person, profession and postal code.
//
// The mode is ascii: there a lone quotation mark is content, where csv would swallow rows up to the next one. The file is written
// without journal and without syncing, with a large cache: what is compared with is the fastest SQLite can do.
func sqliteScript(e rig.Extract) string {
	var b strings.Builder
	b.WriteString("PRAGMA journal_mode=OFF;\nPRAGMA synchronous=OFF;\nPRAGMA temp_store=MEMORY;\nPRAGMA cache_size=-524288;\n")
	b.WriteString(".mode ascii\n.separator \"|\" \"\\n\"\n")
	for _, t := range rig.TableOrder {
		f := e.Files[t]
		fmt.Fprintf(&b, "CREATE TABLE %s(%s);\n", t, textColumns(f.Columns))
		fmt.Fprintf(&b, ".import --skip 1 %s %s\n", strconv.Quote(f.Path), t)
	}
	b.WriteString("CREATE VIRTUAL TABLE activity_text USING fts5(family, given, structure, city, content='" + rig.TableActivity +
		"', tokenize='unicode61 remove_diacritics 2');\nINSERT INTO activity_text(activity_text) VALUES('rebuild');\n")
	for _, column := range []string{"person", "profession", "postal_code"} {
		fmt.Fprintf(&b, "CREATE INDEX activity_%s ON %s(%s);\n", column, rig.TableActivity, column)
	}
	fmt.Fprintf(&b, ".mode list\nSELECT count(*) FROM %s;\n", rig.TableActivity)
	return b.String()
}

func textColumns(header []string) string {
	return strings.Join(columnNames(header), " TEXT, ") + " TEXT"
}

// loadSQLite loads the extract and returns what it took.
func loadSQLite(ctx context.Context, dir string, e rig.Extract, rows int64) (took rig.Cost, err error) {
	bin, err := exec.LookPath("sqlite3")
	if err != nil {
		return took, rig.Unmeasured("sqlite3 is not installed (apt-get install sqlite3)")
	}
	db := filepath.Join(dir, "sqlite.db")
	cmd := rig.Command(ctx, syscall.SIGTERM, bin, "-batch", "-bail", db)
	cmd.Stdin = strings.NewReader(sqliteScript(e))
	var out bytes.Buffer
	if took, err = rig.Perform(cmd, &out); err != nil {
		return took, err
	}
	took.Disk = rig.DiskUsage(db)
	if n := lastNumber(out.String()); n != rows {
		return took, rig.Unmeasured(fmt.Sprintf("sqlite3 took in %d rows of %d", n, rows))
	}
	return took, nil
}

// lastNumber returns the number on the last line of a program's output, -1 when it is none.
func lastNumber(out string) int64 {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	n, err := strconv.ParseInt(strings.TrimSpace(lines[len(lines)-1]), 10, 64)
	if err != nil {
		return -1
	}
	return n
}
