package ldapd

import (
	"annuaire"
	"annuaire/internal/mailaddr"
	"annuaire/ldapd/dn"
	"annuaire/ldapd/filter"
)

// aboutPatients reports whether a search is for addresses of patients, by its base or its filter.
func aboutPatients(base dn.Name, f *filter.Filter) bool {
	for _, r := range base {
		for _, v := range r {
			if patient(v.Raw) {
				return true
			}
		}
	}
	return f != nil && f.Holds(patient)
}

func patient(value []byte) bool {
	return len(value) <= 4*mailaddr.MaxAddress && mailaddr.Patient(string(value))
}

// explained adds to a search that found nothing, because there cannot be anything, why that is so.
func (r result) explained() result {
	e := annuaire.PatientAddress("")
	r.text = e.Message + " / " + e.English
	return r
}
