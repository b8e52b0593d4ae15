package annuaire

// Staff is somebody of social care who is in no extract, as a registrar hands them over: who they are, and what goes to their account.
type Staff struct {
	ID        string // IdNatPP, 8 + 11 digits
	Family    string
	Given     string
	Contact   string // ordinary mail address, not MSSanté; needed
	Mobile    string // E.164; may be ""
	Terms     string // version accepted
	Registrar string // who handed them over
}
