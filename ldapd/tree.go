package ldapd

import (
	"cmp"

	"annuaire"
	"annuaire/ldapd/dn"
	"annuaire/ldapd/schema"
)

// node is an entry that is no card: the root DSE, the schema, the bases and their units. Everyone may read it.
type node struct {
	shown      string // DN, as it is returned
	name       dn.Name
	attrs      []attribute // with values; operational ones of its own too
	structural string
	kids       bool
	inDN       []attribute // values of the DN, for dnAttributes
}

type attribute struct {
	t      *schema.AttributeType
	values [][]byte
}

// shelf is where the entries of a book stand: all directly under one node.
type shelf struct {
	book       annuaire.Book
	under      *node
	naming     *schema.AttributeType // of their RDN
	suffix     string                // of their DNs
	classes    [][]byte
	structural [][]byte
}

// tree is what there is beside the cards, and where those stand.
type tree struct {
	root, schema *node
	nodes        []*node  // bases and units
	shelves      []*shelf // the first is what an empty base means
	people       *node    // the base of the second context
}

// schemaDN is where the schema is read (RFC 4512, 4.2).
const schemaDN = "cn=subschema"

func parseDN(s []byte) (dn.Name, error) { return dn.Parse(s, schema.Canonical) }

func newTree(o Options) (*tree, error) {
	t := &tree{}
	mailboxes, err := newBase(cmp.Or(o.MailboxBase, defaultMailboxBase), label(o, "boîtes aux lettres MSSanté publiées"))
	if err != nil {
		return nil, err
	}
	if t.people, err = newBase(cmp.Or(o.PeopleBase, defaultPeopleBase), label(o, "professionnels de santé et structures")); err != nil {
		return nil, err
	}
	_, inside := t.people.name.Under(mailboxes.name)
	if _, around := mailboxes.name.Under(t.people.name); inside || around {
		return nil, annuaire.Invalid("ldap", "les deux bases LDAP se chevauchent", "the two LDAP bases overlap")
	}
	persons, err := newBase("ou=professionnels,"+t.people.shown, label(o, "professionnels de santé"))
	if err != nil {
		return nil, err
	}
	structures, err := newBase("ou=structures,"+t.people.shown, label(o, "structures"))
	if err != nil {
		return nil, err
	}
	t.nodes = []*node{mailboxes, t.people, persons, structures}
	t.shelves = []*shelf{newShelf(annuaire.BookMailboxes, mailboxes, "mail"), newShelf(annuaire.BookPeople, persons, "uid"), newShelf(annuaire.BookStructures, structures, "uid")}
	t.root, t.schema = newRoot(o, mailboxes, t.people), newSchema()
	return t, nil
}

// label is a description of a base; a training instance says so.
func label(o Options, s string) string {
	if o.Training {
		return "FORMATION : " + s
	}
	return s
}

// baseClasses are the structural classes of a base, by the attribute it is named by.
var baseClasses = map[string]string{"dc": "domain", "o": "organization", "ou": "organizationalUnit", "c": "country"}

func newBase(s, description string) (*node, error) {
	name, err := parseDN([]byte(s))
	if err != nil || len(name) == 0 || len(name[0]) != 1 || baseClasses[name[0][0].Type] == "" {
		return nil, annuaire.Invalid("ldap", "base LDAP incorrecte : %q (elle commence par dc=, o=, ou= ou c=)", "bad LDAP base: %q (it begins with dc=, o=, ou= or c=)", s)
	}
	n := &node{shown: s, name: name, kids: true, structural: baseClasses[name[0][0].Type]}
	n.add("objectClass", "top", n.structural)
	n.add(name[0][0].Type, string(name[0][0].Raw))
	n.add("description", description)
	n.inDN = valuesOfDN(name)
	return n, nil
}

func valuesOfDN(name dn.Name) (out []attribute) {
	for _, r := range name {
		for _, v := range r {
			if t := schema.Lookup([]byte(v.Type)); t != nil {
				out = append(out, attribute{t, [][]byte{v.Raw}})
			}
		}
	}
	return out
}

// add gives a node values; an attribute that the schema does not know is left out.
func (n *node) add(name string, values ...string) {
	t := schema.Lookup([]byte(name))
	if t == nil || len(values) == 0 {
		return
	}
	a := attribute{t: t}
	for _, v := range values {
		a.values = append(a.values, []byte(v))
	}
	n.attrs = append(n.attrs, a)
}

func newShelf(book annuaire.Book, under *node, naming string) *shelf {
	s := &shelf{book: book, under: under, naming: schema.Lookup([]byte(naming)), suffix: "," + under.shown}
	for _, c := range schema.ObjectClasses(book) {
		s.classes = append(s.classes, []byte(c))
	}
	structural := "inetOrgPerson"
	if book == annuaire.BookStructures {
		structural = "organization"
	}
	s.structural = [][]byte{[]byte(structural)}
	return s
}
