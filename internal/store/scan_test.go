package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
)

func TestWhatWeWriteIsReadWithoutReflection(t *testing.T) {
	t.Run("a professional", rapid.MakeCheck(func(t *rapid.T) { scansAsItDecodes(t, genPerson.Draw(t, "record")) }))
	t.Run("a structure", rapid.MakeCheck(func(t *rapid.T) { scansAsItDecodes(t, genSite.Draw(t, "record")) }))
	t.Run("a mailbox", rapid.MakeCheck(func(t *rapid.T) { scansAsItDecodes(t, genBox.Draw(t, "record")) }))
	t.Run("empty records", func(t *testing.T) {
		scansAsItDecodes(t, annuaire.Professional{})
		scansAsItDecodes(t, annuaire.Structure{})
		scansAsItDecodes(t, annuaire.Mailbox{})
	})
	t.Run("long texts, long lists and large numbers", func(t *testing.T) {
		long := string(make([]byte, 1000))
		p := annuaire.Professional{ID: "1", Family: long, Practices: make([]annuaire.Practice, 300)}
		scansAsItDecodes(t, p)
		scansAsItDecodes(t, annuaire.Mailbox{Rank: annuaire.MaxRank, Registered: true, Description: long[:200], Owners: make([]string, 30), Phone: "+33466000000"})
	})
}

func scansAsItDecodes[T Record](t fataler, rec T) {
	t.Helper()
	body, _ := Body(&rec)
	var scanned, decoded T
	if err := Decode(body, &decoded); err != nil {
		t.Fatal(err)
	}
	if !scan(string(body), &scanned) {
		t.Fatal("left to Decode", rec)
	}
	if d := cmp.Diff(decoded, scanned); d != "" {
		t.Fatal(d)
	}
}

// FuzzScan: what is read without reflection is read alike with it.
func FuzzScan(f *testing.F) {
	yes := true
	for _, rec := range []annuaire.Mailbox{
		{Address: "a@formation.mssante.fr", Kind: annuaire.KindPER, Owners: []string{"899000000017"}, Rank: 300, Paperless: &yes},
		{Address: "b@formation.mssante.fr", Registered: true, Profession: annuaire.Coded{Code: "10", Label: "é"},
			Attachments: []annuaire.Attachment{{ID: "1", Address: &annuaire.Address{Lines: []string{"1 RUE", "BP 2"}, City: "Mende"}}}},
	} {
		body, _ := Body(&rec)
		f.Add(body)
	}
	p := annuaire.Professional{ID: "1", Practices: []annuaire.Practice{{Specialties: []annuaire.Specialty{{Type: "S"}}, Diplomas: []annuaire.Diploma{{Type: "DE"}},
		Authorisations: []annuaire.Authorisation{{}}}}, Activities: []annuaire.Activity{{Structure: &annuaire.StructureRef{ID: "R1"}}}}
	body, _ := Body(&p)
	f.Add(body)
	f.Add([]byte{0xa1, 0x09, 0xf9, 0x00, 0x15})
	f.Fuzz(func(t *testing.T, b []byte) {
		sameAsDecode[annuaire.Professional](t, b)
		sameAsDecode[annuaire.Structure](t, b)
		sameAsDecode[annuaire.Mailbox](t, b)
	})
}

func sameAsDecode[T Record](t *testing.T, b []byte) {
	var scanned, decoded T
	if !scan(string(b), &scanned) {
		return
	}
	if err := Decode(b, &decoded); err != nil {
		t.Fatalf("%x is read, and Decode says %v", b, err)
	}
	if d := cmp.Diff(decoded, scanned); d != "" {
		t.Fatalf("%x: %s", b, d)
	}
}
