package store

import (
	"bytes"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
)

func TestRecordsAreLaidOutAsTheyAreEncoded(t *testing.T) {
	t.Run("a professional", rapid.MakeCheck(func(t *rapid.T) { laysAsItEncodes(t, genPerson.Draw(t, "record")) }))
	t.Run("a structure", rapid.MakeCheck(func(t *rapid.T) { laysAsItEncodes(t, genSite.Draw(t, "record")) }))
	t.Run("a mailbox", rapid.MakeCheck(func(t *rapid.T) { laysAsItEncodes(t, genBox.Draw(t, "record")) }))
	t.Run("records that say nothing", func(t *testing.T) {
		laysAsItEncodes(t, annuaire.Professional{Practices: []annuaire.Practice{{Authorisations: make([]annuaire.Authorisation, 1)}}, Activities: make([]annuaire.Activity, 1)})
		laysAsItEncodes(t, annuaire.Structure{Address: &annuaire.Address{}, Phones: []string{}})
		laysAsItEncodes(t, annuaire.Mailbox{Attachments: make([]annuaire.Attachment, 1), Paperless: new(bool)})
	})
	t.Run("texts, lists and numbers of every length of length", func(t *testing.T) {
		for _, n := range []int{1, 23, 24, 255, 256, 65535, 65536} {
			laysAsItEncodes(t, annuaire.Professional{ID: string(make([]byte, n)), Practices: make([]annuaire.Practice, n)})
			laysAsItEncodes(t, annuaire.Mailbox{Rank: n, Owners: make([]string, n), Registered: true, Phone: "+33466000000"})
		}
	})
}

func laysAsItEncodes[T Record](t fataler, rec T) {
	t.Helper()
	want, err := Encode(&rec)
	if err != nil {
		t.Fatal(err)
	}
	if got := lay(nil, &rec); !bytes.Equal(got, want) {
		t.Fatal(hex.EncodeToString(got), "want", hex.EncodeToString(want))
	}
}
