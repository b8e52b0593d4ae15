package store

import (
	"testing"

	"annuaire"
)

// somebody is a record as most are: one practice, one activity at a hospital.
func somebody() annuaire.Professional {
	code := func(s string) annuaire.Coded { return annuaire.Coded{Code: s} }
	return annuaire.Professional{ID: "899012345679", Civility: "MME", Title: "DR", Family: "EXEMPLE", Given: "Zélie",
		Practices: []annuaire.Practice{{Profession: code("10"), Category: code("C"), Specialties: []annuaire.Specialty{{Coded: code("SM42"), Type: "S"}},
			Diplomas: []annuaire.Diploma{{Coded: code("DE05"), Type: "DE"}, {Coded: code("DSM42"), Type: "DES"}}}},
		Activities: []annuaire.Activity{{Profession: "10", Category: "C", Mode: code("S"), Sector: code("SA01"), Authority: "CNOM/CNOM/ARS",
			Structure: &annuaire.StructureRef{ID: "F480000017", Name: "CENTRE HOSPITALIER DE MENDE", FINESS: "480000017", FINESSEJ: "480000009", SIRET: "26480000100017"},
			Address: &annuaire.Address{Lines: []string{"CENTRE HOSPITALIER", "12 AVENUE DU 8 MAI 1945"}, PostalCode: "48000", City: "Mende", INSEE: "48095",
				Department: code("48"), Region: code("76"), Street: "12 AVENUE DU 8 MAI 1945"},
			Phones: []string{"+33466000000"}}}}
}

func BenchmarkRecords(b *testing.B) {
	p := somebody()
	body, _ := Body(&p)
	run := func(name string, fn func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ok(b, fn())
			}
		})
	}
	run("read", func() error { var p annuaire.Professional; return Unpack(Pack(body, annuaire.Source{}), &p) })
	run("read with reflection", func() error { var p annuaire.Professional; return Decode(body, &p) })
	run("write", func() error { Body(&p); return nil })
	run("write with reflection", func() error { _, err := Encode(&p); return err })
}
