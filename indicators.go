package annuaire

import "time"

// Indicators are what an operator reports of a mail domain for a month (référentiel 1, indicateurs).
type Indicators struct {
	Domain   string              `json:"domain"`
	From     time.Time           `json:"from"`     // of what was counted
	To       time.Time           `json:"to"`       // not included
	Boxes    map[MailboxKind]int `json:"boxes"`    // registered and not closed at the end, suspended and orphaned ones included
	Created  int                 `json:"created"`  // registrations
	Closed   int                 `json:"closed"`   // closures, and deletions of boxes that were not closed before
	Orphaned int                 `json:"orphaned"` // whose holder left the directory
	RedList  int                 `json:"red_list"` // of Boxes, those on the red list
}
