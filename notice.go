package annuaire

// Notice is a message to one person, at the contact address of their account: that a delegation was added or removed, that the terms have
// a new version. It holds no health data, no link and no question; it is in French, with English below.
type Notice struct {
	Key     string // what is told, and to whom: two notices of one key are one message
	Person  string // IdNatPP of whoever is told
	To      string // the contact address
	Subject string
	Text    string // lines of any length, "\n" between them
}
