package api

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"
)

// parameters reads the query string of a route whose parameters are no criteria (those are in the table), strictly: an unknown one is refused
// with the nearest that exists, and none is given twice.
func parameters(c echo.Context, known ...string) (map[string]string, error) {
	rt := &route{}
	for _, name := range known {
		rt.params = append(rt.params, &param{name: name, kind: kindLoose})
	}
	req, f := rt.parse(c.Request().URL.RawQuery)
	if f != nil {
		return nil, f
	}
	return lo.MapValues(req.values, func(v []string, _ string) string { return v[0] }), nil
}

// numberIn reads a number of a list of parameters.
func numberIn(q map[string]string, name string, least, most, missing int) (int, error) {
	v, ok := q[name]
	if !ok {
		return missing, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		return 0, invalid(name, "un nombre de %d à %d est attendu.", "a number from %d to %d is expected.", least, most)
	}
	return n, nil
}

// formatIn reads in which format to answer; the first is the usual one.
func formatIn(q map[string]string, known ...string) (string, error) {
	v, ok := q["format"]
	if !ok {
		return known[0], nil
	}
	if !slices.Contains(known, v) {
		return "", invalid("format", "valeurs : %v.", "values: %v.", known)
	}
	return v, nil
}

// formatOf is formatIn for a route that takes no other parameter.
func formatOf(c echo.Context, known ...string) (string, error) {
	q, err := parameters(c, "format")
	if err != nil {
		return "", err
	}
	return formatIn(q, known...)
}

// versionIn reads the version that a write is about: the tag of If-Match, 0 where there is none. any is what "*" means there: as good as none,
// or nothing.
func versionIn(c echo.Context, any bool) (uint64, error) {
	h := ifMatch(c)
	if h == "" || h == "*" && any {
		return 0, nil
	}
	n, err := strconv.ParseUint(strings.Trim(h, `"`), 10, 64)
	if err != nil || n == 0 {
		return 0, invalid("If-Match", "l'étiquette (ETag) de ce qui est modifié est attendue, comme \"3\".", "the entity tag (ETag) of what is changed is expected, as \"3\".")
	}
	return n, nil
}

// timeIn reads a time of a list of parameters, the zero time where it is not given.
func timeIn(q map[string]string, name string) (time.Time, error) {
	v, ok := q[name]
	if !ok {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return t, invalid(name, "une date est attendue, comme 2026-11-01T00:00:00Z.", "a time is expected, such as 2026-11-01T00:00:00Z.")
	}
	return t, nil
}
