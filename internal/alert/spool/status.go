package spool

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// State is where a message stands.
type State uint8

// The states of a message. Queued is the zero State: who has no status is queued.
const (
	Queued State = iota
	Deferred
	Accepted
	Failed
	Skipped
	Expired
	Cancelled
	states
)

var stateNames = [states]string{"queued", "deferred", "accepted", "failed", "skipped", "expired", "cancelled"}

// String returns the name of a state as reports show it.
func (s State) String() string {
	if s < states {
		return stateNames[s]
	}
	return "unknown"
}

// StateOf returns the state of a name.
func StateOf(name string) (State, bool) {
	i := slices.Index(stateNames[:], name)
	return State(max(i, 0)), i >= 0
}

// Waiting reports whether a message of this state is still to be handed over.
func (s State) Waiting() bool { return s == Queued || s == Deferred }

// Delivery is what the mail systems behind the relay said.
type Delivery uint8

// What a report of delivery may say.
const (
	NotReported Delivery = iota
	Delayed
	Delivered
	Bounced
)

// String returns the name of a Delivery, "" for none.
func (d Delivery) String() string {
	return [...]string{"", "delayed", "delivered", "bounced"}[min(d, Bounced)]
}

// Status is what became of one message. Times are Unix seconds, 0 for never.
type Status struct {
	_        struct{} `cbor:",toarray"`
	State    State
	Repeated bool // handed over again although an earlier attempt may have been accepted
	Attempts uint16
	Code     uint16 // of the last answer of the relay: 250, 451, 550; 0 when there was none
	Enhanced string // RFC 3463: "5.1.1"
	At       int64  // of the last change of State
	Next     int64  // Deferred: not before
	Delivery Delivery
	Acked    int64
}

// Answer is the code as people and reports read it: "550 5.1.1", "" for none.
func (s Status) Answer() string {
	if s.Code == 0 {
		return s.Enhanced
	}
	return strings.TrimSpace(strconv.Itoa(int(s.Code)) + " " + s.Enhanced)
}

// Time returns a time of a Status, zero for never.
func Time(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}
