package dispatch

import (
	"slices"

	"annuaire"
)

// step is something that moves an alert on.
type step string

const (
	stepCreate  step = "create"
	stepEdit    step = "edit"
	stepTest    step = "test"
	stepSubmit  step = "submit"
	stepReject  step = "reject"
	stepApprove step = "approve"
	stepPause   step = "pause"
	stepResume  step = "resume"
	stepCancel  step = "cancel"

	// What the service does by itself.
	stepStart  step = "start"
	stepFinish step = "finish"
	stepExpire step = "expire"
	stepHalt   step = "halt" // the sending cannot go on without a person
	stepErase  step = "erase"
)

// move is where a step leads and who may take it.
type move struct {
	from []annuaire.AlertState
	to   annuaire.AlertState // "": where it stands
	by   []annuaire.Role     // any of them; nobody: the service itself
}

var (
	unsent = []annuaire.AlertState{annuaire.AlertDrafted, annuaire.AlertSubmitted}
	author = []annuaire.Role{annuaire.RoleAlertAuthor}
	either = []annuaire.Role{annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover}
)

// moves is the life of an alert. What stops a message is in more hands than what sends it.
var moves = map[step]move{
	stepEdit:    {unsent, annuaire.AlertDrafted, author}, // what was submitted is a draft again
	stepTest:    {[]annuaire.AlertState{annuaire.AlertDrafted}, "", author},
	stepSubmit:  {[]annuaire.AlertState{annuaire.AlertDrafted}, annuaire.AlertSubmitted, author},
	stepReject:  {[]annuaire.AlertState{annuaire.AlertSubmitted}, annuaire.AlertDrafted, []annuaire.Role{annuaire.RoleAlertApprover}},
	stepApprove: {[]annuaire.AlertState{annuaire.AlertSubmitted}, annuaire.AlertApproved, []annuaire.Role{annuaire.RoleAlertApprover}},
	stepPause:   {[]annuaire.AlertState{annuaire.AlertApproved, annuaire.AlertSending}, annuaire.AlertPaused, either},
	stepResume:  {[]annuaire.AlertState{annuaire.AlertPaused}, annuaire.AlertSending, []annuaire.Role{annuaire.RoleAlertApprover}},
	stepCancel: {[]annuaire.AlertState{annuaire.AlertDrafted, annuaire.AlertSubmitted, annuaire.AlertApproved, annuaire.AlertSending, annuaire.AlertPaused},
		annuaire.AlertCancelled, either},
	stepStart:  {[]annuaire.AlertState{annuaire.AlertApproved}, annuaire.AlertSending, nil},
	stepFinish: {[]annuaire.AlertState{annuaire.AlertSending, annuaire.AlertPaused}, annuaire.AlertSent, nil},
	stepExpire: {[]annuaire.AlertState{annuaire.AlertApproved, annuaire.AlertSending, annuaire.AlertPaused}, annuaire.AlertExpired, nil},
	stepHalt:   {[]annuaire.AlertState{annuaire.AlertApproved, annuaire.AlertSending}, annuaire.AlertPaused, nil},
	stepErase:  {[]annuaire.AlertState{annuaire.AlertSent, annuaire.AlertCancelled, annuaire.AlertExpired}, "", nil},
}

// allowed refuses whoever may not take a step.
func allowed(who annuaire.Caller, s step) error {
	if !slices.ContainsFunc(moves[s].by, who.Has) {
		return forbidden("role_missing", string(s), "cette étape demande un autre rôle : alert:author écrit, alert:approver approuve.",
			"this step takes another role: alert:author writes, alert:approver approves.")
	}
	return nil
}

// next returns where a step leads from a state.
func next(s step, from annuaire.AlertState) (annuaire.AlertState, error) {
	m := moves[s]
	if !slices.Contains(m.from, from) {
		return from, conflict("wrong_state", string(s), "cette étape n'est pas possible dans l'état « "+string(from)+" ».", "this step is not possible in the state "+string(from)+".")
	}
	if m.to == "" {
		return from, nil
	}
	return m.to, nil
}

// reads refuses whoever may not look at alerts.
func reads(who annuaire.Caller) error {
	if !slices.ContainsFunc([]annuaire.Role{annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover, annuaire.RoleAlertAddresses}, who.Has) {
		return forbidden("role_missing", "", "les alertes sont pour l'autorité sanitaire.", "alerts are for the health authority.")
	}
	return nil
}
