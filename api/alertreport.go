package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"

	"annuaire"
)

func (s *Server) alertReport(c echo.Context) error {
	format, err := formatOf(c, "json", "csv")
	if err != nil {
		return err
	}
	r, err := s.opts.Alerts.Report(c.Request().Context(), callerOf(c), c.Param("id"))
	if format == "json" || err != nil {
		return sendStatus(c, http.StatusOK, r, err)
	}
	rows := [][]string{append([]string{"par", "code"}, countNames...)}
	rows = append(rows, append([]string{"total", ""}, countsOf(r.Counts)...))
	for _, g := range r.Departments {
		rows = append(rows, append([]string{"departement", g.Code}, countsOf(g.Counts)...))
	}
	for _, g := range r.Professions {
		rows = append(rows, append([]string{"profession", g.Code}, countsOf(g.Counts)...))
	}
	return newStream(c, mimeCSV).table(rows)
}

var countNames = []string{"recipients", "queued", "deferred", "accepted", "failed", "skipped", "expired", "cancelled", "delivered", "bounced", "acknowledged", "repeated"}

func countsOf(n annuaire.AlertCounts) (out []string) {
	for _, v := range []int{n.Recipients, n.Queued, n.Deferred, n.Accepted, n.Failed, n.Skipped, n.Expired, n.Cancelled, n.Delivered, n.Bounced, n.Acknowledged, n.Repeated} {
		out = append(out, strconv.Itoa(v))
	}
	return out
}

// maxRecipientsPage is how many recipients one answer lists.
const maxRecipientsPage = 1000

// alertRecipients lists frozen recipients one by one, for who may see addresses; all of them, page by page.
func (s *Server) alertRecipients(c echo.Context) error {
	q, err := parameters(c, "after", "limit", "state", "format")
	if err != nil {
		return err
	}
	format, err := formatIn(q, "json", "ndjson", "csv")
	if err != nil {
		return err
	}
	after, err := numberIn(q, "after", 0, 1<<30, 0)
	if err != nil {
		return err
	}
	limit, err := numberIn(q, "limit", 1, maxRecipientsPage, 100)
	if err != nil {
		return err
	}
	list, err := s.opts.Alerts.Recipients(c.Request().Context(), callerOf(c), c.Param("id"), after, limit, q["state"])
	if err != nil {
		return err
	}
	var next *string
	if len(list) == limit {
		n := "/v1/alerts/" + c.Param("id") + "/recipients?after=" + strconv.Itoa(list[limit-1].N) + "&limit=" + strconv.Itoa(limit)
		for _, name := range []string{"state", "format"} { // of known values: nothing to escape
			if v := q[name]; v != "" {
				n += "&" + name + "=" + v
			}
		}
		next = &n
		c.Response().Header().Set("Link", "<"+n+`>; rel="next"`)
	}
	switch format {
	case "json":
		return sendJSON(c, pageOf[annuaire.AlertRecipient]{Items: list, Next: next})
	case "ndjson":
		out := newStream(c, mimeNDJSON)
		for _, r := range list {
			if err := out.line(r); err != nil {
				return err
			}
		}
		return out.end()
	}
	rows := [][]string{{"n", "professional", "address", "red_listed", "department", "profession", "state", "at", "attempts", "code", "delivery", "acknowledged", "repeated", "message_id"}}
	for _, r := range list {
		rows = append(rows, []string{strconv.Itoa(r.N), r.ID, r.Address, strconv.FormatBool(r.RedListed), r.Department, r.Profession, r.State, stamp(r.At), strconv.Itoa(r.Attempts),
			r.Code, r.Delivery, stamp(r.Acknowledged), strconv.FormatBool(r.Repeated), r.MessageID})
	}
	return newStream(c, mimeCSV).table(rows)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

type alertAcks struct {
	ID           string            `json:"id"`
	Accepted     int               `json:"accepted"`
	Acknowledged int               `json:"acknowledged"`
	Departments  []alertAcksByCode `json:"departments"`
	Professions  []alertAcksByCode `json:"professions"`
}

type alertAcksByCode struct {
	Code         string `json:"code"`
	Accepted     int    `json:"accepted"`
	Acknowledged int    `json:"acknowledged"`
}

// alertAcknowledgements counts who has read an alert. Who they are is in the list of recipients.
func (s *Server) alertAcknowledgements(c echo.Context) error {
	r, err := s.opts.Alerts.Report(c.Request().Context(), callerOf(c), c.Param("id"))
	if err != nil {
		return err
	}
	by := func(groups []annuaire.AlertGroup) []alertAcksByCode {
		return lo.Map(groups, func(g annuaire.AlertGroup, _ int) alertAcksByCode {
			return alertAcksByCode{g.Code, g.Counts.Accepted, g.Counts.Acknowledged}
		})
	}
	return sendJSON(c, alertAcks{r.ID, r.Counts.Accepted, r.Counts.Acknowledged, by(r.Departments), by(r.Professions)})
}

func (s *Server) alertDeliveries(c echo.Context) error {
	var body struct {
		Items []annuaire.AlertDelivery `json:"items"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	recorded, unknown, err := s.opts.Alerts.Deliveries(c.Request().Context(), callerOf(c), c.Param("id"), body.Items)
	return sendStatus(c, http.StatusOK, struct {
		Recorded int `json:"recorded"`
		Unknown  int `json:"unknown"` // items that name no message of this alert
	}{recorded, unknown}, err)
}
