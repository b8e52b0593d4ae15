package boxtable

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"annuaire/internal/names"
)

// column is a field of a box as a command line or a table writes it.
type column struct {
	name string
	also []string // other headings of a table, folded
	kind kind
}

type kind int

const (
	text kind = iota
	number
	flag // oui or non
)

// columns are in the order of an export.
var columns = []column{
	{"address", []string{"adresse", "bal", "mail", "adresse bal"}, text},
	{"kind", []string{"type", "type bal"}, text},
	{"holder", []string{"titulaire", "rpps", "idnatpp", "identifiant pp"}, text},
	{"family", []string{"nom", "nom d exercice"}, text},
	{"given", []string{"prenom", "prenom d exercice"}, text},
	{"structure_type", []string{"type structure", "type identifiant structure"}, text},
	{"structure_id", []string{"structure", "identifiant structure"}, text},
	{"description", nil, text},
	{"service", []string{"service de rattachement"}, text},
	{"responsible", []string{"responsable"}, text},
	{"rank", []string{"rang"}, number},
	{"phone", []string{"telephone"}, text},
	{"phone_opposed", []string{"opposition telephone"}, flag},
	{"otp_mobile", []string{"mobile", "mobile otp"}, text},
	{"red_list", []string{"liste rouge"}, flag},
	{"suspended", []string{"suspendue"}, flag},
	{"closed", []string{"fermee"}, flag},
	{"delegable", []string{"deleguable"}, flag},
	{"terms", []string{"cgu", "conditions"}, text},
}

// columnOf finds the column of a heading, whatever its case and accents.
func columnOf(heading string) (column, bool) {
	fold := names.Fold(heading)
	i := slices.IndexFunc(columns, func(c column) bool { return names.Fold(c.name) == fold || slices.Contains(c.also, fold) })
	if i < 0 {
		return column{}, false
	}
	return columns[i], true
}

// value reads a cell as JSON has it; nil for an empty one.
func (c column) value(cell string) (any, error) {
	cell = strings.TrimSpace(cell)
	if cell == "" && c.kind != text {
		return nil, nil
	}
	switch c.kind {
	case number:
		n, err := strconv.Atoi(cell)
		if err != nil {
			return nil, fmt.Errorf("%s: a number is expected", c.name)
		}
		return n, nil
	case flag:
		switch names.Fold(cell) {
		case "true", "vrai", "oui", "o", "yes", "y", "1":
			return true, nil
		case "false", "faux", "non", "n", "no", "0":
			return false, nil
		}
		return nil, fmt.Errorf("%s: oui or non is expected", c.name)
	}
	return cell, nil
}

// Fields reads fields as a command line has them: rank=1, structure=FINESS:480000017.
func Fields(args []string) (map[string]any, error) {
	body := map[string]any{}
	for _, a := range args {
		name, cell, ok := strings.Cut(a, "=")
		if !ok {
			return nil, fmt.Errorf("%q: FIELD=VALUE is expected", a)
		}
		if name == "structure" {
			of, id, _ := strings.Cut(cell, ":")
			body[name] = map[string]any{"type": of, "id": id}
			continue
		}
		i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
		if i < 0 || name == "address" || strings.HasPrefix(name, "structure_") {
			return nil, fmt.Errorf("%q is no field of a mailbox (docs/MAILBOXES.md)", name)
		}
		v, err := columns[i].value(cell)
		if err != nil {
			return nil, err
		}
		if v != nil {
			body[name] = v
		}
	}
	return body, nil
}
