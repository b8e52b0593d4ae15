package api

import (
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// kindsOfBoxes are in the order of reports.
var kindsOfBoxes = []annuaire.MailboxKind{annuaire.KindPER, annuaire.KindORG, annuaire.KindCAB, annuaire.KindAPP}

// formatJSON is one object.
const formatJSON = "json"

// myIndicators is the monthly report of an operator.
func (s *Server) myIndicators(c echo.Context, req *request) error {
	domains, err := req.domains(callerOf(c))
	if err != nil {
		return err
	}
	now := s.opts.Now().UTC()
	from := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	if m := req.first("month", ""); m != "" {
		from, _ = time.Parse(monthLayout, m) // the kind has looked
	}
	if from.After(now) {
		return invalid("month", "ce mois n'a pas commencé.", "this month has not begun.")
	}
	all, err := s.opts.Registry.Indicators(c.Request().Context(), domains, from, from.AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	if req.first("format", formatJSON) == formatCSV {
		return indicatorsCSV(c, from, all)
	}
	return sendJSON(c, struct {
		Month string                `json:"month"`
		Items []annuaire.Indicators `json:"items"`
	}{from.Format(monthLayout), orEmpty(all)})
}

func indicatorsCSV(c echo.Context, month time.Time, all []annuaire.Indicators) error {
	rows := [][]string{{"month", "domain", "per", "org", "cab", "app", "red_list", "created", "closed", "orphaned"}}
	for _, i := range all {
		row := []string{month.Format(monthLayout), i.Domain}
		for _, k := range kindsOfBoxes {
			row = append(row, strconv.Itoa(i.Boxes[k]))
		}
		for _, n := range []int{i.RedList, i.Created, i.Closed, i.Orphaned} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return newStream(c, mimeCSV).table(rows)
}

const monthLayout = "2006-01"

func parseMonth(p *param, v string) (string, *fault) {
	if t, err := time.Parse(monthLayout, v); err != nil || t.Year() < 2000 {
		return "", invalid(p.name, "« %s » : un mois est attendu, comme 2026-11.", "%q: a month is expected, as 2026-11.", echoed(v))
	}
	return v, nil
}
