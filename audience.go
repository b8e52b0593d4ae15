package annuaire

import (
	"encoding/json"
	"time"
)

// AudienceTerm is how a criterion of an audience was understood: what was said, and the codes it stands for.
type AudienceTerm struct {
	Said     string                `json:"said"`     // as the audience writes it: "specialty:pédiatrie"
	Everyday string                `json:"everyday"` // the everyday word that stands for these codes, "" where the codes themselves or a label were named
	Removes  bool                  `json:"removes"`  // it stands under a "-" or in exclude(...)
	Means    [][]AudienceCriterion `json:"means"`    // any of these, each of which holds as a whole within one activity
}

// AudienceCriterion is any of some codes of a field. Of long lists of numbers, only how many they are.
type AudienceCriterion struct {
	Field Field   `json:"field"`
	Codes []Coded `json:"codes,omitempty"`
	Count int     `json:"count"`
}

// AudienceWarning is what its author should look at before an audience is used. Rule is stable, for programs.
type AudienceWarning struct {
	Rule    string `json:"rule"`
	Message string `json:"message"` // French
	English string `json:"english"`
}

// SavedAudience is an audience under a name. Version grows by one with each change; earlier ones are kept.
type SavedAudience struct {
	Name    string    `json:"name" cbor:"1,keyasint"`  // 1 to 63 of a-z, 0-9 and "-"
	Title   string    `json:"title" cbor:"2,keyasint"` // what people call it, at most 200 characters
	Text    string    `json:"text" cbor:"3,keyasint"`  // the audience, in the canonical text form
	Version uint64    `json:"version" cbor:"4,keyasint"`
	Created time.Time `json:"created" cbor:"5,keyasint"`
	Changed time.Time `json:"changed" cbor:"6,keyasint"`
	By      string    `json:"by" cbor:"7,keyasint"` // who wrote this version: Caller.ID

	Tree json.RawMessage `json:"tree" cbor:"-"` // the audience in the JSON form
}

// PreviewOptions are what whoever looks at an audience may ask.
type PreviewOptions struct {
	Seed   uint64 // the same seed shows the same people, as long as they are selected
	Sample int    // how many people to show, at most MaxSample; 0: DefaultSample
}

// Limits of the sample of a preview.
const (
	DefaultSample = 20
	MaxSample     = 100
)

// AudiencePreview is what an audience would reach now. It names only those of the sample.
type AudiencePreview struct {
	Text      string    `json:"text"` // canonical
	Seq       uint64    `json:"sequence"`
	AsOf      time.Time `json:"as_of"`
	Selected  int       `json:"selected"`   // people
	Reachable int       `json:"reachable"`  // of them, those whom a mailbox reaches
	Published int       `json:"published"`  // of them, at a published mailbox
	RedListed int       `json:"red_listed"` // the others: at a mailbox on the red list alone
	Coarse    bool      `json:"coarse"`     // red_listed is rounded down to tens, and the breakdown counts published mailboxes alone

	Organisations   int               `json:"organisations"` // mailboxes of services, where the audience asks for them
	Kinds           []MailboxKind     `json:"kinds"`
	RedListIncluded bool              `json:"red_list_included"` // by policy
	Broad           bool              `json:"broad"`             // everyone, or half of the directory: to be confirmed once more
	Breakdown       map[Field][]Split `json:"breakdown"`         // by profession, specialty, department, mode
	Seed            uint64            `json:"seed"`
	Sample          []AudienceSample  `json:"sample"`
	Terms           []AudienceTerm    `json:"terms"`
	Warnings        []AudienceWarning `json:"warnings"`
	Since           *AudienceChange   `json:"since"` // nil for the first preview, and for audiences without a name
}

// AudienceSample is someone of the sample. Published says nothing of mailboxes on the red list.
type AudienceSample struct {
	ID         string `json:"id"`
	Family     string `json:"family"`
	Given      string `json:"given"`
	Profession Coded  `json:"profession"` // of an activity for which they are selected
	Department Coded  `json:"department"`
	Published  bool   `json:"published"`
}

// AudienceChange is what changed since the preview before.
type AudienceChange struct {
	At        time.Time `json:"at"`
	Version   uint64    `json:"version"` // of the audience, then
	Seq       uint64    `json:"sequence"`
	Selected  int       `json:"selected"`  // then
	Published int       `json:"published"` // then
	Joined    int       `json:"joined"`    // selected now and not then
	Left      int       `json:"left"`      // selected then and not now
}
