package annuaire

import "time"

// RunState is where a run of the sync stands.
type RunState string

// The states of a run. All but the first two are final.
const (
	RunRunning     RunState = "running"
	RunAwaiting    RunState = "awaiting_approval" // the gate is closed: a person approves or aborts it
	RunPublished   RunState = "published"
	RunUnchanged   RunState = "unchanged"   // read, and nothing differs
	RunRejected    RunState = "rejected"    // the extracts are at fault, the data is untouched
	RunFailed      RunState = "failed"      // anything else is at fault, the data is untouched
	RunAborted     RunState = "aborted"     // by a person
	RunSuperseded  RunState = "superseded"  // it awaited approval when a later run was published
	RunInterrupted RunState = "interrupted" // the process ended; a server takes it up again
)

// RunTrigger is what started a run.
type RunTrigger string

// The triggers. A server takes up again, after a crash, what it had started itself.
const (
	TriggerCommand  RunTrigger = "command"  // annuaire sync without a server
	TriggerServer   RunTrigger = "server"   // annuaire sync through a server, REST
	TriggerSchedule RunTrigger = "schedule" // the clock
	TriggerResume   RunTrigger = "resume"   // an interrupted run taken up again
)

// Counts is what happened to the records of one kind.
type Counts struct {
	Created int `json:"created" cbor:"1,keyasint"`
	Changed int `json:"changed" cbor:"2,keyasint"`
	Gone    int `json:"gone" cbor:"3,keyasint"`
}

// Total is the number of records touched.
func (c Counts) Total() int { return c.Created + c.Changed + c.Gone }

// Add counts one more record to which that happened.
func (c *Counts) Add(op ChangeOp) {
	switch op {
	case Created:
		c.Created++
	case Changed:
		c.Changed++
	case Gone:
		c.Gone++
	}
}

// SyncRun is what is known of one run, from its beginning. It holds personal data in the examples of its gate: for administrators.
type SyncRun struct {
	ID         string     `json:"run" cbor:"1,keyasint"` // six digits, growing
	State      RunState   `json:"state" cbor:"2,keyasint"`
	Trigger    RunTrigger `json:"trigger" cbor:"3,keyasint"`
	By         string     `json:"by" cbor:"4,keyasint"` // who started it
	Started    time.Time  `json:"started" cbor:"5,keyasint"`
	Ended      time.Time  `json:"ended,omitzero" cbor:"6,keyasint"`
	Steps      []SyncStep `json:"steps" cbor:"7,keyasint"`
	Source     string     `json:"source" cbor:"8,keyasint"` // "ans", "datagouv", "url" or "path"
	Files      []SyncFile `json:"files" cbor:"9,keyasint"`
	Extract    time.Time  `json:"extract,omitzero" cbor:"10,keyasint"` // of the three PS files, UTC
	Rejected   int64      `json:"rejected" cbor:"11,keyasint"`
	People     Counts     `json:"people" cbor:"12,keyasint"`
	Structures Counts     `json:"structures" cbor:"13,keyasint"`
	Mailboxes  Counts     `json:"mailboxes" cbor:"14,keyasint"`
	Warnings   []string   `json:"warnings" cbor:"15,keyasint"`
	Gate       *Gate      `json:"gate,omitempty" cbor:"16,keyasint,omitempty"`
	Decision   *Decision  `json:"decision,omitempty" cbor:"17,keyasint,omitempty"`
	Error      string     `json:"error,omitempty" cbor:"18,keyasint,omitempty"`   // French
	English    string     `json:"english,omitempty" cbor:"19,keyasint,omitempty"` // the same in English
	From       []string   `json:"-" cbor:"20,keyasint"`                           // what was asked for, to ask for it again
	AllowOlder bool       `json:"allow_older,omitempty" cbor:"21,keyasint,omitempty"`
	Known      []string   `json:"-" cbor:"23,keyasint"` // what tells the files apart, wherever they lie
	Versions   []string   `json:"-" cbor:"22,keyasint"` // of remote files, to know them again without a download
}

// SyncStep is one stage of a run: acquire, parse, diff, gate, verify, apply, publish.
type SyncStep struct {
	Stage   string    `json:"stage" cbor:"1,keyasint"`
	Started time.Time `json:"started" cbor:"2,keyasint"`
	Seconds float64   `json:"seconds" cbor:"3,keyasint"` // 0 while it lasts
}

// SyncFile is a file that a run reads. SHA256 is ours, in hexadecimal: of the whole file as it was downloaded, or as it lay there.
type SyncFile struct {
	Name   string `json:"name" cbor:"1,keyasint"`
	Path   string `json:"-" cbor:"2,keyasint"`
	Size   int64  `json:"size" cbor:"3,keyasint"`
	SHA256 string `json:"sha256,omitempty" cbor:"4,keyasint,omitempty"`
	// Identity tells whether the file at Path is still the one that was read: its size and date.
	Identity string `json:"-" cbor:"5,keyasint"`
}

// Decision is what a person decided about a run.
type Decision struct {
	Approved bool      `json:"approved" cbor:"1,keyasint"`
	By       string    `json:"by" cbor:"2,keyasint"`
	Reason   string    `json:"reason" cbor:"3,keyasint"`
	At       time.Time `json:"at" cbor:"4,keyasint"`
}

// Gate is what the gate found: how much of each group a run removes and changes, against the last good run.
type Gate struct {
	Closed   bool          `json:"closed" cbor:"1,keyasint"`   // a person is needed
	Base     uint64        `json:"base" cbor:"2,keyasint"`     // number of the run whose state it compares with: registrations in between change nothing of what it says
	Digest   string        `json:"digest" cbor:"3,keyasint"`   // of every change: an approval holds for exactly these
	Findings []GateFinding `json:"findings" cbor:"4,keyasint"` // groups above a threshold, the largest share first; at most MaxGateFindings
	More     int           `json:"more,omitempty" cbor:"5,keyasint,omitempty"`
	Examples []GateExample `json:"examples,omitempty" cbor:"6,keyasint,omitempty"` // of all that differs: up to ten of each kind and change
}

// Limits of the report of a gate.
const (
	MaxGateFindings = 40
	MaxGateExamples = 10 // of each
)

// GateFinding is a group of which more than a threshold leaves or changes.
type GateFinding struct {
	Kind     Kind          `json:"kind" cbor:"1,keyasint"`
	By       string        `json:"by" cbor:"2,keyasint"`                        // "all", "profession", "department", "domain"
	Group    string        `json:"group" cbor:"3,keyasint"`                     // code or domain; "" for all, and for the small ones together
	Label    string        `json:"label,omitempty" cbor:"4,keyasint,omitempty"` // of the code
	Small    int           `json:"small,omitempty" cbor:"5,keyasint,omitempty"` // how many small groups are taken together here
	Change   ChangeOp      `json:"change" cbor:"6,keyasint"`                    // gone or changed
	Count    int           `json:"count" cbor:"7,keyasint"`
	Members  int           `json:"members" cbor:"8,keyasint"` // in the last good run
	Share    float64       `json:"share" cbor:"9,keyasint"`   // percent
	Hard     bool          `json:"hard" cbor:"10,keyasint"`   // above the threshold that is never passed without a person
	Examples []GateExample `json:"examples" cbor:"11,keyasint"`
}

// GateExample is a record that leaves, comes or changes.
type GateExample struct {
	Kind    Kind     `json:"kind" cbor:"1,keyasint"`
	Change  ChangeOp `json:"change" cbor:"2,keyasint"`
	ID      string   `json:"id" cbor:"3,keyasint"`
	What    string   `json:"what" cbor:"4,keyasint"`                        // who or what it is, as a person says it
	Differs []string `json:"differs,omitempty" cbor:"5,keyasint,omitempty"` // the parts that change
}
