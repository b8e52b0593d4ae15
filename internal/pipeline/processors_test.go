package pipeline

import (
	"runtime"
	"testing"
)

func TestProcessors(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer func() {
		attention.wanted = false
		runtime.GOMAXPROCS(before)
	}()
	threadsAre := func(t *testing.T, want int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("%d threads, want %d", got, want)
		}
		if Processors() != before {
			t.Errorf("work is shared out among %d, not %d", Processors(), before)
		}
	}
	t.Run("work that nobody waits beside takes no threads more", func(t *testing.T) {
		end := Work()
		threadsAre(t, before)
		end()
		threadsAre(t, before)
	})
	t.Run("who attends has threads to spare", func(t *testing.T) {
		Attend()
		Attend()
		threadsAre(t, before+attendants)
	})
	t.Run("but while the last of long works is under way", func(t *testing.T) {
		first, second := Work(), Work()
		first()
		first() // as a deferred call may be
		threadsAre(t, before)
		second()
		threadsAre(t, before+attendants)
	})
}
