package cli

import (
	"fmt"
	"time"

	"annuaire/internal/config"
)

// maxDays bounds a duration that is given in days.
const maxDays = 5 * 366

// Duration reads a duration of more than nothing that may be in days: 90d, 12h, up to 1830d.
func Duration(s string) (time.Duration, error) {
	d, err := config.Duration(s)
	if err == nil && (d <= 0 || d > maxDays*24*time.Hour) {
		err = fmt.Errorf("more than nothing, and %dd at most (got %q)", maxDays, s)
	}
	return d, err
}

// Moment reads a time, or a day, which begins where this machine is; "" is the zero time.
func Moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, time.Local)
	if err != nil {
		return t, fmt.Errorf("a day such as 2026-11-01, or a time such as 2026-11-01T08:00:00Z (got %q)", s)
	}
	return t, nil
}

// Until reads a time from now on: a duration, a time or a day.
func Until(s string, now time.Time) (time.Time, error) {
	if d, err := Duration(s); err == nil {
		return now.Add(d), nil
	}
	t, err := Moment(s)
	if err != nil || s == "" {
		return t, fmt.Errorf("a duration such as 48h or 3d, or a time such as 2026-12-01T18:00:00+01:00 (got %q)", s)
	}
	return t, nil
}

// Age is a duration as a person says it: hours of two days, then days.
func Age(d time.Duration) string {
	switch {
	case d < 0:
		return "0 h"
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
