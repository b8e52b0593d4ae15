package api

import (
	"context"
	"slices"
	"time"

	"annuaire"
)

// fakeAlerts knows one alert, 2026-001, and refuses whoever lacks the role, as the desk does.
type fakeAlerts struct{}

var alertTime = time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)

// One alert with a field of every kind; its texts are hostile.
var oneAlert = annuaire.Alert{ID: "2026-001", Version: 7, State: annuaire.AlertSent, AlertDraft: annuaire.AlertDraft{
	Title: annuaire.Bilingual{FR: "Rougeole <script>alert(1)</script>"}, Summary: annuaire.Bilingual{FR: "Vérifiez.", EN: "Check."}, Text: annuaire.Bilingual{FR: "Cas <b>groupés</b>.", EN: "Cases."},
	Severity: annuaire.SeveritySevere, Urgency: "immediate", Certainty: "observed", Status: annuaire.StatusExercise, Kind: annuaire.KindUpdate, Refers: "2026-000", Expires: alertTime.Add(time.Hour),
	Legal: "L. 4001-2", Area: "Rhône", Audience: "profession:médecin", RedList: true, Public: true},
	Reason: "x", Problem: "relay cannot be reached", Authors: []annuaire.AlertHand{{ID: "aaaaaa", Name: "<i>Anne</i>"}}, Approver: &annuaire.AlertHand{ID: "bbbbbb", Name: "Bruno"},
	Created: alertTime, Changed: alertTime, TestedAt: alertTime, Submitted: alertTime, Approved: alertTime, Started: alertTime, Ended: alertTime,
	Frozen: &annuaire.AlertFreeze{Count: 2, RedListed: 1, Selected: 3, Hash: "ab12", Seq: 42, Extract: alertTime, Audience: "médecins", At: alertTime}}

var oneReport = annuaire.AlertReport{ID: "2026-001", State: annuaire.AlertSent, At: alertTime, Counts: annuaire.AlertCounts{Recipients: 2, Accepted: 1, Failed: 1},
	Departments: []annuaire.AlertGroup{{Code: "=69", Counts: annuaire.AlertCounts{Recipients: 2, Accepted: 1, Failed: 1}}}, Professions: []annuaire.AlertGroup{}, Codes: map[string]int{"550 5.1.1": 1}}

func (fakeAlerts) may(who annuaire.Caller, id string, roles ...annuaire.Role) error {
	if !slices.ContainsFunc(roles, who.Has) {
		return annuaire.Errorf(annuaire.CodeForbidden, "", "autre rôle", "another role", nil).Because("role_missing")
	}
	if id != "" && id != oneAlert.ID {
		return annuaire.Errorf(annuaire.CodeNotFound, "id", "inconnue", "unknown", nil)
	}
	return nil
}

func (f fakeAlerts) reads(who annuaire.Caller, id string) error {
	return f.may(who, id, annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover, annuaire.RoleAlertAddresses, annuaire.RoleAdmin)
}

func (f fakeAlerts) Create(_ context.Context, who annuaire.Caller, _ annuaire.AlertDraft) (annuaire.Alert, error) {
	return oneAlert, f.may(who, "", annuaire.RoleAlertAuthor)
}

func (f fakeAlerts) Edit(_ context.Context, who annuaire.Caller, id string, _ annuaire.AlertDraft, version uint64) (annuaire.Alert, error) {
	if version != 0 && version != oneAlert.Version {
		return annuaire.Alert{}, annuaire.Errorf(annuaire.CodePrecondition, "If-Match", "a changé", "has changed", nil).Because("version_stale")
	}
	return oneAlert, f.may(who, id, annuaire.RoleAlertAuthor)
}

func (f fakeAlerts) Alert(_ context.Context, who annuaire.Caller, id string) (annuaire.Alert, error) {
	return oneAlert, f.reads(who, id)
}

func (f fakeAlerts) List(_ context.Context, who annuaire.Caller, _ string, n int) ([]annuaire.Alert, error) {
	return []annuaire.Alert{oneAlert}[:min(n, 1)], f.reads(who, "")
}

func (f fakeAlerts) Preview(_ context.Context, who annuaire.Caller, id string) (annuaire.AlertPreview, error) {
	return annuaire.AlertPreview{Audience: "médecins", Selected: 3, Reachable: 2, Messages: 2, Warnings: []string{"w"}, Subject: "s", Body: "b", Detail: map[string]int{"x": 1}}, f.reads(who, id)
}

func (f fakeAlerts) Test(_ context.Context, who annuaire.Caller, id string) (annuaire.Alert, error) {
	return oneAlert, f.may(who, id, annuaire.RoleAlertAuthor)
}

func (f fakeAlerts) Submit(_ context.Context, who annuaire.Caller, id string, _ annuaire.AlertOrder, _ uint64) (annuaire.Alert, error) {
	return oneAlert, f.may(who, id, annuaire.RoleAlertAuthor)
}

func (f fakeAlerts) Approve(_ context.Context, who annuaire.Caller, id string, o annuaire.AlertOrder, _ uint64) (annuaire.Alert, error) {
	if err := f.may(who, id, annuaire.RoleAlertApprover); err != nil || o.Everyone {
		return oneAlert, err
	}
	return oneAlert, annuaire.Errorf(annuaire.CodeConflict, "approve", "pas dans cet état", "not in this state", nil).Because("wrong_state")
}

func (f fakeAlerts) Reject(_ context.Context, who annuaire.Caller, id string, _ annuaire.AlertOrder) (annuaire.Alert, error) {
	return oneAlert, f.may(who, id, annuaire.RoleAlertApprover)
}

func (f fakeAlerts) Pause(_ context.Context, who annuaire.Caller, id string, _ annuaire.AlertOrder) (annuaire.Alert, error) {
	return oneAlert, f.may(who, id, annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover, annuaire.RoleAdmin)
}

func (f fakeAlerts) Resume(_ context.Context, who annuaire.Caller, id string) (annuaire.Alert, error) {
	return oneAlert, f.may(who, id, annuaire.RoleAlertApprover)
}

func (f fakeAlerts) Cancel(_ context.Context, who annuaire.Caller, id string, _ annuaire.AlertOrder) (annuaire.Alert, error) {
	return oneAlert, f.may(who, id, annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover)
}

func (f fakeAlerts) Report(_ context.Context, who annuaire.Caller, id string) (annuaire.AlertReport, error) {
	return oneReport, f.reads(who, id)
}

func (f fakeAlerts) Recipients(_ context.Context, who annuaire.Caller, id string, after, n int, _ string) ([]annuaire.AlertRecipient, error) {
	all := []annuaire.AlertRecipient{
		{N: 1, ID: "899012345679", Address: "a@b.formation.mssante.fr", Department: "69", Profession: "10", State: "accepted", At: alertTime, Attempts: 1, Code: "250 2.0.0", Delivery: "delivered", Acknowledged: alertTime, MessageID: "m"},
		{N: 2, Address: "=cmd()@b.formation.mssante.fr", RedListed: true, State: "failed", Attempts: 1, Code: "550 5.1.1", Repeated: true}}
	return all[min(after, 2):min(after+n, 2)], f.may(who, id, annuaire.RoleAlertAddresses)
}

func (f fakeAlerts) Evidence(_ context.Context, who annuaire.Caller, id string) (annuaire.AlertEvidence, error) {
	return annuaire.AlertEvidence{Alert: oneAlert, Print: "cd34", Steps: []annuaire.AlertStep{{At: alertTime, Who: oneAlert.Authors[0], What: "create", Why: "<img>"}}, Report: oneReport}, f.reads(who, id)
}

func (f fakeAlerts) CAP(_ context.Context, who annuaire.Caller, id string) ([]byte, error) {
	return []byte("<alert/>"), f.reads(who, id)
}

func (f fakeAlerts) Deliveries(_ context.Context, who annuaire.Caller, id string, items []annuaire.AlertDelivery) (int, int, error) {
	return len(items), 0, f.may(who, id, annuaire.RoleAlertAuthor, annuaire.RoleAlertApprover, annuaire.RoleAdmin)
}

func (fakeAlerts) shown() annuaire.AlertPublic {
	a := oneAlert
	return annuaire.AlertPublic{ID: a.ID, Issuer: "DGS", State: a.State, Status: a.Status, Kind: a.Kind, Severity: a.Severity, Urgency: a.Urgency, Certainty: a.Certainty, Sent: a.Started,
		Expires: a.Expires, Title: a.Title, Summary: a.Summary, Text: a.Text, Legal: a.Legal}
}

func (f fakeAlerts) Published(_ context.Context, _ string, n int) ([]annuaire.AlertPublic, error) {
	return []annuaire.AlertPublic{f.shown()}[:min(n, 1)], nil
}

func (f fakeAlerts) PublishedAlert(_ context.Context, id string) (annuaire.AlertPublic, error) {
	return f.shown(), f.may(annuaire.Caller{Roles: []annuaire.Role{annuaire.RoleAdmin}}, id, annuaire.RoleAdmin)
}

func (f fakeAlerts) PublishedCAP(context.Context, string) ([]byte, error) {
	return []byte("<alert/>"), nil
}

func (fakeAlerts) Receipt(_ context.Context, id, link string) (annuaire.AlertReceipt, error) {
	if link != "good" {
		return annuaire.AlertReceipt{}, annuaire.Errorf(annuaire.CodeNotFound, "link", "lien", "link", nil).Because("link_unknown")
	}
	return annuaire.AlertReceipt{ID: id, Title: oneAlert.Title}, nil
}

func (f fakeAlerts) Acknowledge(ctx context.Context, id, link string) (annuaire.AlertReceipt, error) {
	r, err := f.Receipt(ctx, id, link)
	r.Acknowledged = alertTime
	return r, err
}
