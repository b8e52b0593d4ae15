package web

// input is a field of the detailed form.
type input struct {
	Of   Results
	Name string // of the parameter
	List string // of proposals; "" is none
	Max  int    // characters
}

func newInput(r Results, name, list string, longest int) input { return input{r, name, list, longest} }

// Has reports whether there is anything to propose.
func (i input) Has() bool {
	switch i.List {
	case "professions":
		return len(i.Of.Places.Professions) > 0
	case "specialties":
		return len(i.Of.Places.Specialties) > 0
	case "departments":
		return len(i.Of.Places.Departments) > 0
	}
	return false
}

// hints say what a field takes where its name does not.
var hints = map[string]words{
	"id":          {"RPPS, ADELI ou IdNatPP", "RPPS, ADELI or IdNatPP"},
	"finess":      {"9 caractères", "9 characters"},
	"siret":       {"14 chiffres", "14 digits"},
	"postal_code": {"ou ses premiers chiffres", "or its first digits"},
	"department":  {"nom ou numéro", "name or number"},
	"mailbox":     {"entière", "in full"},
}

// Hint says what the field takes.
func (i input) Hint(v View) string { return v.T(hints[i.Name].French, hints[i.Name].English) }
