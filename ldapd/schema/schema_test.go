package schema

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/match"
)

func TestLookup(t *testing.T) {
	for _, tt := range []struct{ rule, ask, want string }{
		{"by name", "cn", "cn"},
		{"whatever the case", "GIVENNAME", "givenName"},
		{"by its long name", "commonName", "cn"},
		{"surname is sn", "surname", "sn"},
		{"gn is givenName", "gn", "givenName"},
		{"rfc822Mailbox is mail", "rfc822Mailbox", "mail"},
		{"localityName is l", "localityName", "l"},
		{"fax is facsimileTelephoneNumber", "fax", "facsimileTelephoneNumber"},
		{"by OID", "2.5.4.3", "cn"},
		{"ours by OID", root + ".1.1", "TypeBAL"},
		{"what Thunderbird asks for and nobody has", "mozillaNickname", "mozillaNickname"},
		{"what Outlook asks for", "mailNickname", ""},
		{"one that is not known", "msExchHideFromAddressLists", ""},
		{"nothing", "", ""},
		{"a name longer than any", strings.Repeat("a", 1000), ""},
		{"options are not part of a name", "cn;lang-fr", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := ""
			if a := Lookup([]byte(tt.ask)); a != nil {
				got = a.Name
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	t.Run("looking up allocates nothing", func(t *testing.T) {
		name := []byte("TELEPHONENUMBER")
		if n := testing.AllocsPerRun(100, func() { Lookup(name) }); n != 0 {
			t.Error(n)
		}
	})
}

// ruleless are the types to which their RFC gives no matching rule: nothing can be asked of them but whether they are there.
var ruleless = []string{"facsimileTelephoneNumber", "telexNumber", "teletexTerminalIdentifier", "preferredDeliveryMethod", "searchGuide", "photo", "audio",
	"jpegPhoto", "userCertificate", "userSMIMECertificate", "userPKCS12", "mozillaUseHtmlMail", "namingContexts", "altServer", "supportedExtension",
	"supportedControl", "supportedSASLMechanisms", "supportedLDAPVersion"}

func TestAttributeTypes(t *testing.T) {
	t.Run("every attribute of a card has a type, and its own", func(t *testing.T) {
		seen := map[*AttributeType]card.Attr{}
		for a := card.Attr(1); a <= card.LastAttr; a++ {
			typ := Of(a)
			if typ == nil || typ.Attr != a {
				t.Fatalf("attribute %d: %v", a, typ)
			}
			if other := seen[typ]; other != 0 {
				t.Errorf("%s is of %d and of %d", typ.Name, a, other)
			}
			seen[typ] = a
		}
	})
	for _, a := range Types() {
		if a.Syntax == nil {
			t.Errorf("%s has no syntax", a.Name)
			continue
		}
		if a.Equality == nil && !slices.Contains(ruleless, a.Name) {
			t.Errorf("%s has no equality rule", a.Name)
		}
		for kind, r := range map[Kind]*Rule{Equality: a.Equality, Ordering: a.Ordering, Substrings: a.Substr} {
			if r != nil && (r.Kind != kind || !r.For(a.Syntax)) {
				t.Errorf("%s: %s is no rule of that kind for %s", a.Name, r.Name, a.Syntax.Desc)
			}
		}
	}
	t.Run("subtypes are found from their supertype", func(t *testing.T) {
		var got []string
		for _, s := range Lookup([]byte("name")).Subtypes {
			if s.Attr != 0 {
				got = append(got, s.Name)
			}
		}
		slices.Sort(got)
		if want := []string{"c", "cn", "givenName", "l", "o", "ou", "sn", "st", "title"}; !slices.Equal(got, want) {
			t.Error(got)
		}
		if s := Lookup([]byte("postalAddress")).Subtypes; len(s) != 2 {
			t.Error(s)
		}
	})
	t.Run("a subtype has the rules of its supertype", func(t *testing.T) {
		if a := Lookup([]byte("sn")); a.Equality.Name != "caseIgnoreMatch" || a.Substr.Name != "caseIgnoreSubstringsMatch" || a.Ordering != nil {
			t.Errorf("%+v", a)
		}
	})
}

func TestEntriesSatisfyTheirClasses(t *testing.T) {
	people := []card.Attr{card.SN, card.GivenName, card.Title, card.PersonalTitle, card.TypeIdentifiantPP, card.IdentifiantPP, card.IdNatPP}
	for _, book := range []annuaire.Book{annuaire.BookMailboxes, annuaire.BookPeople, annuaire.BookStructures} {
		var allowed []*AttributeType
		structural := ""
		for i, name := range ObjectClasses(book) {
			c := LookupClass([]byte(name))
			if c == nil || c.Name != name {
				t.Fatalf("%s: no class %s", book, name)
			}
			allowed = append(allowed, c.Allowed()...)
			if c.Kind == "STRUCTURAL" {
				if structural = name; i > 0 && (c.Sup == nil || c.Sup.Name != ObjectClasses(book)[i-1]) {
					t.Errorf("%s: %s does not stand under the one before", book, name)
				}
			}
		}
		t.Run(string(book)+": there is a structural class", func(t *testing.T) {
			if structural == "" {
				t.Error("none")
			}
		})
		t.Run(string(book)+": what a card may hold is allowed", func(t *testing.T) {
			for a := card.Attr(1); a <= card.LastAttr; a++ {
				if !slices.Contains(allowed, Of(a)) && (book != annuaire.BookStructures || !slices.Contains(people, a)) {
					t.Errorf("%s is not", Of(a).Name)
				}
			}
		})
	}
	t.Run("what a class requires is there for every entry", func(t *testing.T) {
		for name, want := range map[string]bool{"cn": true, "sn": true, "mail": true, "name": true, "objectClass": true, "givenName": false, "o": false} {
			if got := Required(annuaire.BookMailboxes, Lookup([]byte(name))); got != want {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
	t.Run("the attributes of a class are its own and those of the classes above", func(t *testing.T) {
		for class, names := range map[string][]string{"person": {"sn", "cn", "objectClass", "telephoneNumber"}, "inetorgperson": {"sn", "mail", "title"}, "2.5.6.4": {"o", "l"}} {
			got := LookupClass([]byte(class)).Allowed()
			for _, name := range names {
				if !slices.Contains(got, Lookup([]byte(name))) {
					t.Errorf("%s: no %s", class, name)
				}
			}
		}
		if LookupClass([]byte("nobody")) != nil {
			t.Error("there is a class nobody")
		}
	})
}

func TestSubschemaReadsBack(t *testing.T) {
	for _, d := range Subschema() {
		t.Run(d.Name, func(t *testing.T) {
			if len(d.Values) == 0 || Lookup([]byte(d.Name)) == nil {
				t.Fatal("nothing")
			}
			seen := map[string]bool{}
			for _, v := range d.Values {
				if strings.Contains(v, "  ") || strings.ContainsAny(v, "\t\n@#") || !strings.HasPrefix(v, "( ") || !strings.HasSuffix(v, " )") {
					t.Errorf("%q", v)
				}
				got := parse(v)
				if seen[got.one("")] {
					t.Errorf("%s twice", got.one(""))
				}
				seen[got.one("")] = true
			}
		})
	}
}

// SOGo cuts object classes at spaces, and knows parentheses only where they stand alone.
func TestParenthesesStandAlone(t *testing.T) {
	for _, d := range Subschema() {
		for _, v := range d.Values {
			open := 0
			for i, word := range strings.Split(v, " ") {
				switch {
				case word == "(":
					open++
				case word == ")":
					open--
				case strings.ContainsAny(word, "()") && !strings.HasPrefix(word, "'"):
					if !strings.Contains(v, "DESC") { // a description may hold anything between its quotes
						t.Errorf("%s: %q", d.Name, word)
					}
				}
				if open < 1 && i < len(strings.Split(v, " "))-1 {
					t.Errorf("%s: it ends before its end: %s", d.Name, v)
				}
			}
			if open != 0 {
				t.Errorf("%s: %d parentheses too many: %s", d.Name, open, v)
			}
		}
	}
}

func TestIdentifiers(t *testing.T) {
	for _, tt := range []struct {
		rule, ask, value string
		refused          bool
	}{
		{"a class by its name", "inetOrgPerson", "INETORGPERSON", false},
		{"a class by its OID", "2.16.840.1.113730.3.2.2", "inetOrgPerson", false},
		{"an OID that names nothing is an OID", "1.2.3.4", "1.2.3.4", false},
		{"a descriptor that names nothing is refused", "MyBarnIsBiggerThanYourBarn", "", true},
		{"what is no OID is refused", "1.", "", true},
		{"nothing is refused", "", "", true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			r := LookupRule([]byte("objectIdentifierMatch"))
			a, ok := r.Append(nil, []byte(tt.ask), match.Whole)
			if ok == tt.refused {
				t.Fatalf("%q %v", a, ok)
			}
			if b, _ := r.Append(nil, []byte(tt.value), match.Whole); ok && string(a) != string(b) {
				t.Errorf("%q, %q", a, b)
			}
		})
	}
	t.Run("a definition is found by the name of what it defines", func(t *testing.T) {
		r := LookupRule([]byte("objectIdentifierFirstComponentMatch"))
		a, _ := r.Append(nil, []byte("cn"), match.Whole)
		b, _ := r.Append(nil, []byte(Lookup([]byte("cn")).String()), match.Whole)
		if string(a) != "2.5.4.3" || string(b) != string(a) {
			t.Errorf("%q, %q", a, b)
		}
	})
	t.Run("names are the same whatever their case and spaces", func(t *testing.T) {
		r := LookupRule([]byte("2.5.13.1"))
		a, _ := r.Append(nil, []byte("MAIL=A@x.fr, DC=mssante,2.5.4.6=fr"), match.Whole)
		b, _ := r.Append(nil, []byte("rfc822Mailbox=a@X.fr,domainComponent=MSSANTE,c=FR"), match.Whole)
		if string(a) != string(b) {
			t.Errorf("%q, %q", a, b)
		}
		if _, ok := r.Append(nil, []byte("mail"), match.Whole); ok {
			t.Error("no name, and accepted")
		}
	})
}

func TestSyntaxes(t *testing.T) {
	for _, tt := range []struct {
		syntax, ok, bad string
	}{
		{"Directory String", "Zélie", ""}, {"Directory String", " ", "\xff"}, {"IA5 String", "a@b", "é"}, {"Country String", "FR", "FRA"},
		{"Boolean", "TRUE", "true"}, {"INTEGER", "-12", "1.5"}, {"Numeric String", "12 34", "12a"}, {"Telephone Number", "+33 4", "é"},
		{"Generalized Time", "20261101041200Z", "2026-11-01"}, {"UUID", "597ae2f6-16a6-1027-98f4-d28b5365dc14", "597ae2f6"},
	} {
		t.Run(fmt.Sprintf("%s takes %q and not %q", tt.syntax, tt.ok, tt.bad), func(t *testing.T) {
			i := slices.IndexFunc(syntaxes, func(s *Syntax) bool { return s.Desc == tt.syntax })
			if s := syntaxes[i]; !s.Valid([]byte(tt.ok)) || s.Valid([]byte(tt.bad)) {
				t.Error("it is not so")
			}
		})
	}
}

func TestSorting(t *testing.T) {
	for name, want := range map[string]bool{"2.5.13.3": true, "caseIgnoreOrderingMatch": true, "2.5.13.2": false, "1.2.3": false, "": false} {
		if OrderingRule([]byte(name)) != want {
			t.Errorf("%q: not %v", name, want)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	name := []byte("telephoneNumber")
	b.ReportAllocs()
	for b.Loop() {
		if Lookup(name) == nil {
			b.Fatal("unknown")
		}
	}
}
