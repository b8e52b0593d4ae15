package annuaire

import "time"

// Publication is a run that changed what is shown. It names nobody and no file.
type Publication struct {
	Run        string    // six digits, growing
	Extract    time.Time // of the PS files, UTC
	Mailboxes  time.Time // of the MSSanté file; zero when none was ever loaded
	Published  time.Time // when the run ended, UTC
	Loaded     bool      // a whole generation was built; else the difference was applied in place
	People     Counts
	Structures Counts
	Boxes      Counts

	Departments map[string]Counts // people, by département where they practise; nil where it was not counted
}

// Maintenance is a planned interruption, announced before it begins.
type Maintenance struct {
	From, Until     time.Time
	French, English string // what is done, for whoever uses the service; may be empty
}
