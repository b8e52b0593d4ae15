package annuaire

// Structure is a place of practice: a hospital site, a pharmacy, a practice (cabinet).
type Structure struct {
	ID        string   `json:"id" cbor:"1,keyasint"`                            // identifiant technique; "X"+16 hex digits of its fields where the extract gives none
	FormerID  string   `json:"former_id,omitempty" cbor:"2,keyasint,omitempty"` // ancien identifiant: TRE_G07 type digit + number
	FINESS    string   `json:"finess" cbor:"3,keyasint,omitempty"`              // site (ET), 9 characters
	FINESSEJ  string   `json:"finess_ej" cbor:"4,keyasint,omitempty"`           // entité juridique, 9 characters
	SIREN     string   `json:"siren" cbor:"5,keyasint,omitempty"`
	SIRET     string   `json:"siret" cbor:"6,keyasint,omitempty"`
	Name      string   `json:"name" cbor:"7,keyasint,omitempty"`       // raison sociale
	TradeName string   `json:"trade_name" cbor:"8,keyasint,omitempty"` // enseigne commerciale
	Sector    Coded    `json:"sector" cbor:"9,keyasint"`               // TRE_R02, the one most of its activities state
	Address   *Address `json:"address" cbor:"10,keyasint,omitempty"`
	Phones    []string `json:"phones" cbor:"11,keyasint,omitempty"`
	Fax       string   `json:"fax,omitempty" cbor:"12,keyasint,omitempty"`
	Emails    []string `json:"emails,omitempty" cbor:"13,keyasint,omitempty"` // ordinary e-mail, never MSSanté
	Source    Source   `json:"source" cbor:"-"`
}

// StructureRef is what an activity shows of its structure.
type StructureRef struct {
	ID        string `json:"id" cbor:"1,keyasint"`
	Name      string `json:"name" cbor:"2,keyasint,omitempty"`
	TradeName string `json:"trade_name,omitempty" cbor:"3,keyasint,omitempty"`
	FINESS    string `json:"finess" cbor:"4,keyasint,omitempty"`
	FINESSEJ  string `json:"finess_ej,omitempty" cbor:"5,keyasint,omitempty"`
	SIREN     string `json:"siren,omitempty" cbor:"6,keyasint,omitempty"`
	SIRET     string `json:"siret" cbor:"7,keyasint,omitempty"`
}

// Ref returns what an activity at s shows of it.
func (s *Structure) Ref() *StructureRef {
	return &StructureRef{ID: s.ID, Name: s.Name, TradeName: s.TradeName, FINESS: s.FINESS, FINESSEJ: s.FINESSEJ, SIREN: s.SIREN, SIRET: s.SIRET}
}

// Address is a postal address. Department and Region are derived from the commune, else from the postal code.
type Address struct {
	Lines      []string `json:"lines" cbor:"1,keyasint,omitempty"` // recipient complement, geographic point, street, distribution
	PostalCode string   `json:"postal_code" cbor:"2,keyasint,omitempty"`
	City       string   `json:"city" cbor:"3,keyasint,omitempty"`
	INSEE      string   `json:"insee" cbor:"4,keyasint,omitempty"` // code commune (INSEE COG), "" abroad and where unknown
	Department Coded    `json:"department" cbor:"5,keyasint"`
	Region     Coded    `json:"region" cbor:"6,keyasint"`
	Country    Coded    `json:"country,omitzero" cbor:"7,keyasint"` // COG 99xxx; zero for France
	Street     string   `json:"-" cbor:"8,keyasint,omitempty"`      // the line of Lines with the street, searched as `street`
}
