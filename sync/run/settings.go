package run

import (
	"context"

	"annuaire"
	"annuaire/sync/fetch"
)

// Settings is what stays the same from run to run.
type Settings struct {
	Presets  map[string]fetch.Source // by the names that From may hold: "ans", "datagouv"
	Fetch    fetch.Options           // Dir and Progress are ours
	Gate     Thresholds
	Canaries []Canary

	// Beside, if not nil, is told after a good run which folders and files it looked at, for what else may lie there; what it returns are
	// warnings of the report. Nothing published depends on it.
	Beside func(ctx context.Context, paths []string) []string
}

// Options is what one run is asked to do.
type Options struct {
	Settings
	From       []string // paths, addresses, presets: each run of paths, each run of addresses and each preset is a source; the next one is asked when one fails
	DryRun     bool     // report what would change, write nothing
	AllowOlder bool     // take an extract older than the loaded one
	Progress   func(Progress)

	Trigger annuaire.RunTrigger // "" is TriggerCommand
	By      string              // who asks
	Yes     bool                // the gate is passed: By is a person who approves whatever it finds
	Record  bool                // give the run a number even if there is nothing new
	Left    func() bool         // whether it is the person who asked that ended ctx, and not the end of the process: nothing is then taken up again
	begun   func(annuaire.SyncRun)
	resumed *annuaire.SyncRun // a run that awaited approval, approved
}

// automatic tells runs that nobody watches: what was refused or aborted before is not tried again by them.
func (o Options) automatic() bool {
	return o.Trigger == annuaire.TriggerSchedule || o.Trigger == annuaire.TriggerResume
}
