package run

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"annuaire/internal/directory"
	"annuaire/internal/store"
)

func TestWhatLiesBesideTheExtracts(t *testing.T) {
	d, err := directory.Open(t.TempDir())
	ok(t, err)
	defer d.Close()
	var looked [][]string
	o := Options{Settings: Settings{Beside: func(_ context.Context, paths []string) []string {
		looked = append(looked, paths)
		return []string{"a warning"}
	}}}
	run := func(from string, dry bool) (store.Run, error) {
		o.From, o.DryRun = []string{from}, dry
		return Sync(t.Context(), d, o)
	}
	dir := small().folder(t, t.TempDir(), day1)
	t.Run("a dry run shows nobody", func(t *testing.T) {
		if _, err := run(dir, true); err != nil || len(looked) != 0 {
			t.Error(err, looked)
		}
	})
	t.Run("a good run shows where it looked, and warns of what was found", func(t *testing.T) {
		rep, err := run(dir, false)
		if err != nil || rep.Outcome != store.OutcomeLoaded || len(looked) != 1 || !slices.Equal(looked[0], []string{dir}) || !slices.Contains(rep.Warnings, "a warning") {
			t.Error(err, rep, looked)
		}
	})
	t.Run("so does one with nothing new", func(t *testing.T) {
		if rep, err := run(dir, false); err != nil || rep.Outcome != store.OutcomeUnchanged || len(looked) != 2 {
			t.Error(err, rep, looked)
		}
	})
	t.Run("one that is refused does not", func(t *testing.T) {
		if _, err := run(filepath.Dir(t.TempDir()), false); err == nil || len(looked) != 2 {
			t.Error(err, looked)
		}
	})
}
