package show

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"annuaire/internal/cli"
	"annuaire/sync/run"
)

// Rejects choose which of the rows that a run put aside to write.
type Rejects struct {
	Rows  bool // the rows too, which are personal data
	JSON  bool // one object a row
	Limit int  // rows at most; 0 is all of them
}

// rejectKind is what rejected rows have in common.
type rejectKind struct{ file, reason string }

// rejectCount is how many there are of a kind, and where the first is.
type rejectCount struct {
	rejectKind
	n, first int64
}

// Write writes the rows that run id put aside, of those kept in dir, by file and reason.
func (o Rejects) Write(w io.Writer, dir, id string) error {
	counts, shown, out := map[rejectKind]*rejectCount{}, 0, json.NewEncoder(w)
	err := run.EachReject(dir, id, func(r run.Reject) error {
		k := rejectKind{r.File, r.Reason}
		if counts[k] == nil {
			counts[k] = &rejectCount{rejectKind: k, first: r.Line}
		}
		counts[k].n++
		if o.Limit > 0 && shown == o.Limit {
			return nil
		}
		switch shown++; {
		case o.JSON:
			return out.Encode(r)
		case o.Rows:
			_, err := fmt.Fprintf(w, "%s:%d: %s\n  %q\n", r.File, r.Line, r.Reason, r.Row)
			return err
		}
		return nil
	})
	if err != nil || o.JSON {
		return err
	}
	all := slices.SortedFunc(maps.Values(counts), func(a, b *rejectCount) int {
		return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.file, b.file), cmp.Compare(a.reason, b.reason))
	})
	fmt.Fprintf(w, "passage / run %s\n", id)
	return cli.Table(w, "rows\tfirst line\treason\tfile", func(t io.Writer) {
		for _, c := range all {
			fmt.Fprintf(t, "%d\t%d\t%s\t%s\n", c.n, c.first, c.reason, c.file)
		}
	})
}
