package pipeline

import (
	"runtime"
	"testing"
)

func TestAttendingTakesNoMoreWork(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	Attend()
	if got := runtime.GOMAXPROCS(0); got <= before {
		t.Errorf("%d threads, %d before", got, before)
	}
	if Processors() != before {
		t.Errorf("work is shared out among %d, not %d", Processors(), before)
	}
}
