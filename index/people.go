package index

// People is the index of people, one document per situation. Safe for concurrent use.
type People struct {
	*engine
	Records
}

var people = &schemaSet{schema: peopleSchema, begins: fieldFamily}

const peopleName = "people"

// OpenPeople opens the index that a PeopleBuilder finished in dir. CodeUnavailable when it is unfinished, or of another format:
// such a generation is to be rebuilt. One process at a time may hold it.
func OpenPeople(dir string) (*People, error) {
	e, err := openFinished(peopleName, dir)
	if err != nil {
		return nil, err
	}
	return &People{e, Records{e, people}}, nil
}

// Apply makes changes durable and visible, then records seq. It is idempotent: interrupted anywhere, the same call can be made
// again. A person both in upserts and gone is kept.
func (p *People) Apply(seq uint64, upserts []PersonDoc, gone []string) error {
	return p.apply(seq, gone, len(upserts), func(enc *encoder, i int) *document { return enc.person(upserts[i]) })
}

// PeopleBuilder builds an index of people from nothing, in a folder that does not exist or is empty. End it with Finish or
// Abandon.
type PeopleBuilder struct{ *bulk }

// CreatePeople starts a build.
func CreatePeople(dir string) (*PeopleBuilder, error) {
	b, err := createBulk(peopleName, dir)
	if err != nil {
		return nil, err
	}
	return &PeopleBuilder{b}, nil
}

// Add indexes a person, whose id must not have been added before. The record is not kept. Safe for concurrent use; it blocks
// while the writers are busy, and returns their first error.
func (b *PeopleBuilder) Add(p PersonDoc) error {
	return b.add(func(enc *encoder) *document { return enc.person(p) })
}
