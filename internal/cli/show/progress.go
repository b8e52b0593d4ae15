package show

import (
	"fmt"
	"io"
	"time"

	"annuaire/internal/terminal"
	"annuaire/sync/run"
)

// Progress shows on a terminal what a run is doing, at what speed and for how long still; nothing elsewhere.
type Progress struct {
	w     io.Writer // nil: not a terminal
	stage run.Stage
	since time.Time
	last  time.Time
}

// NewProgress returns one that shows on w.
func NewProgress(w io.Writer) *Progress {
	if !terminal.Is(w) {
		w = nil
	}
	return &Progress{w: w}
}

// Update shows how far a run is.
func (p *Progress) Update(s run.Progress) {
	if p.w == nil {
		return
	}
	now := time.Now()
	if s.Stage != p.stage || s.Done < 2 {
		p.stage, p.since = s.Stage, now
	} else if now.Sub(p.last) < 100*time.Millisecond && !ended(s) {
		return
	}
	p.last = now
	fmt.Fprintf(p.w, "\r\033[K%s", line(s, now.Sub(p.since)))
}

// End clears the line.
func (p *Progress) End() {
	if p.w != nil && p.stage != "" {
		fmt.Fprint(p.w, "\r\033[K")
	}
}

// line is one state of a run: stage, amount, share, speed, time left.
func line(s run.Progress, elapsed time.Duration) string {
	out := string(s.Stage)
	if s.Unit == "" {
		return out
	}
	out += " " + amount(s.Done, s.Unit)
	rate := float64(s.Done) / max(elapsed.Seconds(), 0.001)
	if s.Total > 0 {
		out += fmt.Sprintf(" of %s (%d %%)", amount(s.Total, s.Unit), 100*s.Done/s.Total)
	}
	if elapsed < 200*time.Millisecond && !ended(s) {
		return out
	}
	if s.Rows > 0 {
		out += fmt.Sprintf(", %.0f rows/s", float64(s.Rows)/max(elapsed.Seconds(), 0.001))
	} else {
		out += ", " + amount(int64(rate), s.Unit) + "/s"
	}
	if left := float64(s.Total-s.Done) / max(rate, 1); s.Total > 0 {
		out += fmt.Sprintf(", %s left", seconds(left))
	}
	return out
}

// ended reports whether a stage is at its end: however short it was, its speed is shown.
func ended(s run.Progress) bool { return s.Total > 0 && s.Done >= s.Total }

func amount(n int64, unit string) string {
	if unit == "bytes" {
		return fmt.Sprintf("%d MB", n/1_000_000)
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Second)
}
