package annuaire

// Staff is somebody of social care who is in no extract: an identity for which a registrar vouches, and what goes to their account when they
// are handed over. They may hold a personal box (Registered.Social).
type Staff struct {
	ID        string `json:"id" cbor:"1,keyasint"` // IdNatPP, 8 + 11 digits: what an identity provider will say
	Family    string `json:"family" cbor:"2,keyasint"`
	Given     string `json:"given" cbor:"3,keyasint"`
	Contact   string `json:"contact" cbor:"-"`            // ordinary mail address, not MSSanté; needed, and kept with the account
	Mobile    string `json:"mobile,omitempty" cbor:"-"`   // E.164; may be ""
	Terms     string `json:"terms,omitempty" cbor:"-"`    // version accepted
	Registrar string `json:"registrar" cbor:"4,keyasint"` // who handed them over last
}
