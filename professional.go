package annuaire

// Coded is a nomenclature code with what to show for it. In stored records Label is empty when the embedded nomenclature
// knows the code (the label is resolved at display), and holds the extract's own label when it does not.
type Coded struct {
	Code  string `json:"code" cbor:"1,keyasint,omitempty"`
	Label string `json:"label" cbor:"2,keyasint,omitempty"`
}

// IsZero reports whether no code is given.
func (c Coded) IsZero() bool { return c.Code == "" }

// Shown is the label, else the code, so that a screen never shows a blank.
func (c Coded) Shown() string {
	if c.Label == "" {
		return c.Code
	}
	return c.Label
}

// Professional is one person (personne) of the RPPS, under the names of exercise. Practices are sorted by (profession,
// category), so that the record does not depend on the order of the extract's rows; Activities are sorted too.
type Professional struct {
	ID         string     `json:"id" cbor:"1,keyasint"`                           // IdNatPP: "8"+RPPS (12 digits) or "0"+ADELI (10)
	Civility   string     `json:"civility,omitempty" cbor:"2,keyasint,omitempty"` // TRE_R81: M, MME
	Title      string     `json:"title,omitempty" cbor:"3,keyasint,omitempty"`    // civilité d'exercice, TRE_R11: DR, PR...
	Family     string     `json:"family" cbor:"4,keyasint"`                       // nom d'exercice, as in the extract
	Given      string     `json:"given" cbor:"5,keyasint,omitempty"`              // prénom d'exercice, as in the extract, may be empty
	Practices  []Practice `json:"practices" cbor:"6,keyasint,omitempty"`
	Activities []Activity `json:"activities" cbor:"7,keyasint,omitempty"`
	Source     Source     `json:"source" cbor:"-"` // kept beside the record, so that what a record says can be compared
}

// Practice is an exercice professionnel: one per (profession, category). One without any activity is legitimate (locums,
// retired) and is searched as one empty activity.
type Practice struct {
	Profession     Coded           `json:"profession" cbor:"1,keyasint"` // TRE_G15, R94, R95, R291
	Category       Coded           `json:"category" cbor:"2,keyasint"`   // TRE_R09: C, E, F, M
	Specialties    []Specialty     `json:"specialties" cbor:"3,keyasint,omitempty"`
	Diplomas       []Diploma       `json:"diplomas" cbor:"4,keyasint,omitempty"`
	Authorisations []Authorisation `json:"authorisations,omitempty" cbor:"5,keyasint,omitempty"`
}

// Specialty is a savoir-faire: a type (TRE_R04: S, CEX, PAC...) and a code (TRE_R38 and its neighbours).
type Specialty struct {
	Coded
	Type string `json:"type" cbor:"3,keyasint,omitempty"`
}

// Diploma is a diplôme obtenu (TRE_R14 type, J105 code).
type Diploma struct {
	Coded
	Type string `json:"type" cbor:"3,keyasint,omitempty"`
}

// Authorisation is an autorisation d'exercice (TRE_R17 type, TRE_R18 discipline).
type Authorisation struct {
	Type       Coded `json:"type" cbor:"1,keyasint"`
	Discipline Coded `json:"discipline" cbor:"2,keyasint"`
}

// Activity is a situation d'exercice. It names its practice by (Profession, Category) and carries a copy of what is shown
// of its structure, so that one record answers one question.
type Activity struct {
	Profession string        `json:"profession" cbor:"1,keyasint"`
	Category   string        `json:"category" cbor:"2,keyasint,omitempty"`
	Mode       Coded         `json:"mode" cbor:"3,keyasint"`      // TRE_R23: S, L, B
	Sector     Coded         `json:"sector" cbor:"4,keyasint"`    // TRE_R02: SA..
	Section    Coded         `json:"section" cbor:"5,keyasint"`   // TRE_R06, pharmacists
	Role       Coded         `json:"role" cbor:"6,keyasint"`      // TRE_R21, R85, R96
	Genre      Coded         `json:"genre" cbor:"7,keyasint"`     // TRE_R22
	Authority  string        `json:"authority" cbor:"8,keyasint"` // autorité d'enregistrement, three slash-separated parts
	Structure  *StructureRef `json:"structure" cbor:"9,keyasint,omitempty"`
	Address    *Address      `json:"address" cbor:"10,keyasint,omitempty"`
	Phones     []string      `json:"phones" cbor:"11,keyasint,omitempty"` // E.164 where it can be; belongs to the structure
}

// Situation is what is searched as one: an activity with its practice, or a practice without activity.
type Situation struct {
	Practice *Practice // never nil
	Activity *Activity // nil for a practice without activity
}

// Situations lists what can match of a person: first Activities in their order, then each practice that has none. A search
// hit names a situation by its place in this list.
func (p *Professional) Situations() []Situation {
	out := make([]Situation, 0, len(p.Activities)+1)
	used := make([]bool, len(p.Practices))
	for i := range p.Activities {
		a := &p.Activities[i]
		pr := -1
		for j := range p.Practices {
			if p.Practices[j].Profession.Code == a.Profession && p.Practices[j].Category.Code == a.Category {
				pr, used[j] = j, true
				break
			}
		}
		if pr < 0 { // cannot come out of the importer; kept searchable all the same
			out = append(out, Situation{&Practice{Profession: Coded{Code: a.Profession}, Category: Coded{Code: a.Category}}, a})
			continue
		}
		out = append(out, Situation{&p.Practices[pr], a})
	}
	for j := range p.Practices {
		if !used[j] {
			out = append(out, Situation{&p.Practices[j], nil})
		}
	}
	return out
}

// RPPS returns the 11-digit RPPS number, or "" for a person known by another identifier.
func (p *Professional) RPPS() string { return RPPSOf(p.ID) }
