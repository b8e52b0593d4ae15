package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"annuaire"
)

// errChanged says that another version was published while one was being downloaded.
var errChanged = errors.New("another version was published meanwhile")

// temporary is a failure that may pass.
type temporary struct {
	err   error
	after time.Duration // what the source asks to wait; 0 when it does not say
}

func (t *temporary) Error() string { return t.err.Error() }
func (t *temporary) Unwrap() error { return t.err }

// statusFault is what a status that is not a success means. Whatever is not the source's to mend is not asked again.
func statusFault(res *http.Response, now time.Time) error {
	err := fmt.Errorf("HTTP %d", res.StatusCode)
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode == http.StatusRequestTimeout, res.StatusCode >= 500:
		return &temporary{err, retryAfter(res.Header.Get("Retry-After"), now)}
	}
	return err
}

// retryAfter reads the header: seconds or a date (RFC 9110, 10.2.3). Nonsense is no wish.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(header); err == nil && n >= 0 {
		return time.Duration(min(n, 7*24*3600)) * time.Second
	}
	if t, err := http.ParseTime(header); err == nil && t.After(now) {
		return t.Sub(now)
	}
	return 0
}

// away is the error of a source that could not be asked, in the end.
func away(source string, err error) error {
	var known *annuaire.Error
	if errors.As(err, &known) || errors.Is(err, context.Canceled) {
		return err
	}
	return annuaire.Errorf(annuaire.CodeUnavailable, "from", "la source « "+source+" » ne répond pas comme il faut", "source "+source+" does not answer as it should", err)
}

func refused(french, english string, args ...any) error {
	return annuaire.Invalid("from", french, english, args...)
}
