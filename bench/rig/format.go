package rig

import (
	"fmt"
	"time"
)

const None = "—"

// Span writes a duration with three significant digits; none for 0, which stands for "not measured".
func Span(d time.Duration) string {
	switch {
	case d <= 0:
		return None
	case d < time.Second:
		return digits(float64(d)/float64(time.Millisecond)) + " ms"
	}
	return digits(d.Seconds()) + " s"
}

// Size writes bytes in binary units; none for 0.
func Size(n int64) string {
	switch {
	case n <= 0:
		return None
	case n < 1<<20:
		return digits(float64(n)/(1<<10)) + " KiB"
	case n < 1<<30:
		return digits(float64(n)/(1<<20)) + " MiB"
	}
	return digits(float64(n)/(1<<30)) + " GiB"
}

// Times writes a ratio; none for 0.
func Times(r float64) string {
	if r <= 0 {
		return None
	}
	return digits(r) + "×"
}

func digits(f float64) string {
	switch {
	case f < 9.995:
		return fmt.Sprintf("%.2f", f)
	case f < 99.95:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

func YesNo(ok bool) string {
	if ok {
		return "yes"
	}
	return "**no**"
}

// Judged is yes or no, or nothing where nothing was measured.
func Judged(measured, ok bool) string {
	if !measured {
		return None
	}
	return YesNo(ok)
}
