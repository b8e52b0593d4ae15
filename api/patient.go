package api

import (
	"strings"

	"annuaire/internal/mailaddr"
)

// patients reports whether a value asks for the address of a patient, where an address may be asked for.
func patients(p *param, v string) bool {
	switch p.kind {
	case kindAddress:
		return mailaddr.Patient(v)
	case kindText, kindTyped:
		if !strings.ContainsAny(v, "@＠") {
			return false
		}
		for w := range strings.FieldsSeq(v) {
			if mailaddr.Patient(strings.Trim(w, "<>\"',;")) {
				return true
			}
		}
	}
	return false
}
