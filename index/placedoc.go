package index

import (
	"strings"
	"sync"

	"annuaire"
	"annuaire/internal/names"

	"github.com/RoaringBitmap/roaring/v2"
)

// The terms that say what a document of the places index is.
var (
	flatStructure = string(rune(kindFlat)) + "s"
	flatMailbox   = string(rune(kindFlat)) + "m"
)

func (e *encoder) structureDoc(st *annuaire.Structure) *document {
	d := e.document(StructureKey(st.ID))
	d.fields = append(d.fields, e.id(d.id), e.packed(fieldFlat, pack(flatStructure)), e.activity("", st.Sector.Code, "", ""))
	d.fields = e.structure(e.place(d.fields, st.Address), st.Ref(), st.Phones)
	name := st.Name
	if name == "" {
		name = st.TradeName
	}
	return e.seal(d, stored{family: names.Fold(name)})
}

func (e *encoder) mailboxDoc(m *annuaire.Mailbox) *document {
	address, t := strings.ToLower(m.Address), &e.terms
	d := e.document(MailboxKey(address))
	t.raw(flatMailbox[0], flatMailbox[1:], "")
	t.code(kindBoxKind, string(m.Kind))
	for _, o := range m.Owners {
		t.code(kindOwner, o)
	}
	d.fields = append(d.fields, e.id(d.id), e.written(fieldFlat))
	t.code(kindMailbox, address)
	d.fields = append(d.fields, e.written(fieldBoxes))
	t.code(kindProfession, m.Profession.Code)
	d.fields = append(d.fields, e.written(fieldPractice))
	structs, streets, cities, said := []string(nil), []string(nil), []string(nil), []string{m.Description}
	for _, a := range m.Attachments {
		structs, said = append(structs, a.Name, a.TradeName), append(said, a.Service)
		t.attachmentID(a.ID)
	}
	d.fields = append(d.fields, e.written(fieldStructIDs))
	for _, a := range m.Attachments {
		if a.Address != nil {
			streets = append(append(streets, a.Address.Street), a.Address.Lines...)
			cities = append(cities, a.Address.City, a.Address.INSEE)
			t.place(a.Address)
		}
	}
	d.fields = append(d.fields, e.written(fieldPlace), e.text(fieldFamily, m.Family), e.text(fieldGiven, m.Given),
		e.text(fieldStructure, structs...), e.packed(fieldStreet, t.words(fieldStreet, streets...)), e.cities(cities...), e.text(fieldRest, said...))
	return e.seal(d, stored{family: address})
}

// attachmentID appends the identifier of a structure, as the extract writes it (a FINESS, a SIRET; with or without the type
// digit of TRE_G07 before it), for what its length says it is.
func (b *termBuilder) attachmentID(id string) {
	id = normalPostal(id)
	kind := byte(0)
	switch {
	case len(id) == 9 || len(id) == 10 && (id[0] == '1' || id[0] == 'F'):
		kind, id = kindFINESS, id[len(id)-9:]
	case len(id) == 14 || len(id) == 15 && id[0] == '3':
		kind, id = kindSIRET, id[len(id)-14:]
	default:
		return
	}
	b.code(kind, id)
	b.present(kind, id)
}

// kindSets remembers which documents of a segment are of a kind.
type kindSets struct {
	mu   sync.Mutex
	sets map[string]*roaring.Bitmap
}

// narrowToKind has views look for one kind of document.
func narrowToKind(views []*view, flat string) (err error) {
	for _, v := range views {
		if v.heads, err = v.kinds.get(v, flat); err != nil {
			return err
		}
	}
	return nil
}

func (k *kindSets) get(v *view, flat string) (*roaring.Bitmap, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b, ok := k.sets[flat]; ok {
		return b, nil
	}
	b, err := v.postings(fieldFlat, flat)
	if err != nil {
		return nil, err
	}
	if k.sets == nil {
		k.sets = map[string]*roaring.Bitmap{}
	}
	own := roaring.New()
	own.AddMany(b.ToArray()) // not what points into the file
	own.RunOptimize()
	k.sets[flat] = own
	return own, nil
}
