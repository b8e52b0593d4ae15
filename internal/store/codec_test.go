package store

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"annuaire"
)

var (
	genText  = rapid.StringMatching(`[A-Za-zÉœ' |"-]{0,6}`)
	genCoded = rapid.Custom(func(t *rapid.T) annuaire.Coded {
		return annuaire.Coded{Code: genText.Draw(t, "code"), Label: genText.Draw(t, "label")}
	})
	genAddress = rapid.Custom(func(t *rapid.T) *annuaire.Address {
		return &annuaire.Address{Lines: texts(t, "lines"), PostalCode: genText.Draw(t, "cp"), City: genText.Draw(t, "city"),
			INSEE: genText.Draw(t, "insee"), Department: genCoded.Draw(t, "dep"), Region: genCoded.Draw(t, "region"),
			Country: genCoded.Draw(t, "country"), Street: genText.Draw(t, "street")}
	})
	genPerson = rapid.Custom(func(t *rapid.T) annuaire.Professional {
		return annuaire.Professional{ID: genText.Draw(t, "id"), Civility: genText.Draw(t, "civility"), Title: genText.Draw(t, "title"),
			Family: genText.Draw(t, "family"), Given: genText.Draw(t, "given"),
			Practices: few(t, "practices", func() annuaire.Practice {
				return annuaire.Practice{Profession: genCoded.Draw(t, "p"), Category: genCoded.Draw(t, "c"),
					Specialties:    few(t, "s", func() annuaire.Specialty { return annuaire.Specialty{Coded: genCoded.Draw(t, "s"), Type: "S"} }),
					Diplomas:       few(t, "d", func() annuaire.Diploma { return annuaire.Diploma{Coded: genCoded.Draw(t, "d"), Type: "DE"} }),
					Authorisations: few(t, "a", func() annuaire.Authorisation { return annuaire.Authorisation{Type: genCoded.Draw(t, "t")} })}
			}),
			Activities: few(t, "activities", func() annuaire.Activity {
				return annuaire.Activity{Profession: genText.Draw(t, "p"), Category: "C", Mode: genCoded.Draw(t, "m"), Sector: genCoded.Draw(t, "s"),
					Section: genCoded.Draw(t, "x"), Role: genCoded.Draw(t, "r"), Genre: genCoded.Draw(t, "g"), Authority: genText.Draw(t, "a"),
					Structure: &annuaire.StructureRef{ID: "R1", Name: genText.Draw(t, "n"), SIRET: "1"}, Address: genAddress.Draw(t, "a"),
					Phones: texts(t, "phones")}
			})}
	})
	genBox = rapid.Custom(func(t *rapid.T) annuaire.Mailbox {
		yes := rapid.Bool().Draw(t, "yes")
		return annuaire.Mailbox{Address: genText.Draw(t, "address"), Kind: annuaire.KindPER, Owners: texts(t, "owners"), Rank: rapid.IntRange(0, 9).Draw(t, "rank"),
			Family: genText.Draw(t, "f"), Given: genText.Draw(t, "g"), Profession: genCoded.Draw(t, "p"), Description: genText.Draw(t, "d"), Paperless: &yes,
			Attachments: few(t, "attachments", func() annuaire.Attachment {
				return annuaire.Attachment{IDType: "1", ID: genText.Draw(t, "id"), Name: genText.Draw(t, "n"), TradeName: "T", Service: "S", Address: genAddress.Draw(t, "a")}
			})}
	})
	genSite = rapid.Custom(func(t *rapid.T) annuaire.Structure {
		return annuaire.Structure{ID: genText.Draw(t, "id"), FormerID: "1", FINESS: genText.Draw(t, "f"), FINESSEJ: "2", SIREN: "3", SIRET: genText.Draw(t, "s"),
			Name: genText.Draw(t, "n"), TradeName: genText.Draw(t, "t"), Sector: genCoded.Draw(t, "sector"), Address: genAddress.Draw(t, "a"),
			Phones: texts(t, "p"), Fax: "4", Emails: texts(t, "e")}
	})
)

// few draws no element (nil, as records hold it) to two.
func few[T any](t *rapid.T, name string, one func() T) (out []T) {
	for range rapid.IntRange(0, 2).Draw(t, name) {
		out = append(out, one())
	}
	return out
}

func texts(t *rapid.T, name string) []string {
	return few(t, name, func() string { return genText.Draw(t, name) })
}

func TestRecordsComeBackWhole(t *testing.T) {
	src := annuaire.Source{Extract: day, Run: "000042"}
	t.Run("a professional", rapid.MakeCheck(func(t *rapid.T) { comesBack(t, genPerson.Draw(t, "record"), src) }))
	t.Run("a structure", rapid.MakeCheck(func(t *rapid.T) { comesBack(t, genSite.Draw(t, "record"), src) }))
	t.Run("a mailbox", rapid.MakeCheck(func(t *rapid.T) { comesBack(t, genBox.Draw(t, "record"), src) }))
}

// comesBack checks the round trip, and that what a record says, not where it comes from, makes its body.
func comesBack[T Record](t *rapid.T, rec T, src annuaire.Source) {
	body, hash := Body(&rec)
	var got T
	ok(t, Unpack(Pack(body, src), &got))
	var source annuaire.Source
	switch r := any(&got).(type) {
	case *annuaire.Professional:
		source = r.Source
	case *annuaire.Structure:
		source = r.Source
	case *annuaire.Mailbox:
		source = r.Source
	}
	if d := cmp.Diff(src, source); d != "" {
		t.Fatal("source", d)
	}
	if packed, digest := Packed(&got, src); digest != hash || !bytes.Equal(packed, Pack(body, src)) {
		t.Errorf("packed at once: %x, hash %x", packed, digest)
	}
	again, hash2 := Body(&got)
	if !bytes.Equal(body, again) || hash != hash2 {
		t.Fatal("the body of what was read differs from what was written")
	}
	if d := cmp.Diff(rec, got, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Source" }, cmp.Ignore())); d != "" {
		t.Fatal(d)
	}
}

func TestUnpackRefuses(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":                       nil,
		"less than a source":            make([]byte, sourceSize-1),
		"a source without a body":       make([]byte, sourceSize),
		"a body cut short":              append(make([]byte, sourceSize), 0xA2, 0x01, 0x63, 'a'),
		"something behind the body":     append(make([]byte, sourceSize), 0xA0, 0xA0),
		"a number where text should be": append(make([]byte, sourceSize), 0xA1, 0x01, 0x05),
	} {
		t.Run(name, func(t *testing.T) {
			var p annuaire.Professional
			if err := Unpack(b, &p); err == nil {
				t.Fatal("accepted")
			}
		})
	}
}

func FuzzUnpack(f *testing.F) {
	body, _ := Body(&annuaire.Mailbox{Address: "a@formation.mssante.fr", Owners: []string{"899000000017"}})
	f.Add(Pack(body, annuaire.Source{Extract: day, Run: "000001"}))
	f.Add([]byte("short"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var box annuaire.Mailbox
		if Unpack(b, &box) != nil {
			return
		}
		body, _ := Body(&box)
		var again annuaire.Mailbox
		ok(t, Unpack(Pack(body, box.Source), &again))
	})
}

func TestPrintBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Print{rapid.Uint64().Draw(t, "rows"), rapid.Uint64().Draw(t, "content")}
		if got := printOf(p.bytes()); got != p {
			t.Fatal(got)
		}
	})
	if printOf([]byte("?")) != (Print{}) || number([]byte("?")) != 0 {
		t.Error("damaged numbers are not zero")
	}
}

func TestRunID(t *testing.T) {
	if RunID(42) != "000042" || RunID(1234567) != "1234567" {
		t.Error(RunID(42), RunID(1234567))
	}
	src := annuaire.Source{Extract: time.Unix(0, 0).UTC(), Run: ""}
	var p annuaire.Professional
	body, _ := Body(&p)
	ok(t, Unpack(Pack(body, src), &p))
	if p.Source.Run != "000000" {
		t.Error("a dry run's record is of run", p.Source.Run)
	}
}
