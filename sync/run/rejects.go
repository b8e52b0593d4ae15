package run

import (
	"bufio"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"annuaire"
	"annuaire/sync/extract"
)

// Reject is a row that a run put aside, and why.
type Reject = extract.Reject

// rejectsEnd ends the name of the file of a run in the rejects folder.
const rejectsEnd = ".ndjson"

// RejectRuns lists the runs whose rejects are kept in a folder, the newest first.
func RejectRuns(dir string) ([]string, error) {
	names, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, n := range names {
		if id, ok := strings.CutSuffix(n.Name(), rejectsEnd); ok && n.Type().IsRegular() {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(b, a) })
	return out, nil
}

// EachReject calls fn with the rows that a run put aside, in the order of its files; CodeNotFound when none are kept of that run.
func EachReject(dir, id string, fn func(Reject) error) (err error) {
	f, err := os.Open(filepath.Join(dir, filepath.Base(id)+rejectsEnd))
	if errors.Is(err, fs.ErrNotExist) {
		return annuaire.Errorf(annuaire.CodeNotFound, "run", "aucune ligne refusée n'est conservée de ce passage", "no rejected rows of that run are kept", nil)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return extract.ReadRejects(bufio.NewReaderSize(f, 1<<16), fn)
}
