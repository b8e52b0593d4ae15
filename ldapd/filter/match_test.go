package filter

import (
	"strings"
	"testing"

	"annuaire/ldapd/schema"
)

const (
	y = True
	n = False
	u = Undefined
)

// Each filter is tried on jean: as RFC 4517 has it, then with the leniencies.
func TestMatch(t *testing.T) {
	for _, tt := range []struct {
		rule            string
		filter          string
		strict, lenient Truth
	}{
		// RFC 4511, 4.5.1.7: the logic, and what is Undefined
		{"and of nothing is true (RFC 4526)", "(&)", y, y},
		{"or of nothing is false (RFC 4526)", "(|)", n, n},
		{"not of false is true", "(!(sn=martin))", y, y},
		{"a type that is not known is Undefined", "(mailNickname=x)", u, u},
		{"so is its presence", "(mailNickname=*)", u, u},
		{"not of Undefined is Undefined", "(!(msExchHideFromAddressLists=TRUE))", u, u},
		{"Undefined and false is false", "(&(mailNickname=x)(sn=martin))", n, n},
		{"Undefined and true is Undefined", "(&(mailNickname=x)(sn=dupont))", u, u},
		{"Undefined or true is true", "(|(mailNickname=x)(sn=dupont))", y, y},
		{"a type that nobody has a value of is false", "(mozillaNickname=x)", n, n},
		{"and its negation true", "(!(mobile=*))", y, y},
		{"a type without an equality rule is Undefined", "(facsimileTelephoneNumber=1)", u, u},
		{"a type without a substrings rule is Undefined", "(mozillaWorkUrl=*x*)", u, u},
		{"a type without an ordering rule is Undefined", "(cn>=a)", u, u},
		{"a value that is none of the syntax is Undefined", "(createTimestamp>=yesterday)", u, u},
		{"an empty value is Undefined", "(cn=)", u, u},
		{"a value longer than any is Undefined", "(cn=" + strings.Repeat("a", maxAssertion+1) + ")", u, u},
		{"an unknown language is held by nobody", "(cn;lang-fr=*)", n, n},
		{"an option that is not known is Undefined", "(cn;x-phonetic=jean)", u, u},
		{"binary is no option of a string", "(cn;binary=*)", u, u},
		// types
		{"a type by another case", "(SURNAME=dupont)", y, y},
		{"a type by its OID", "(2.5.4.4=dupont)", y, y},
		{"a supertype finds what its subtypes hold", "(name=dupont)", y, y},
		{"the supertype of the city too", "(name=*Étienne)", y, y},
		{"presence of a supertype", "(name=*)", y, y},
		{"presence", "(telephoneNumber=*)", y, y},
		{"absence", "(pager=*)", n, n},
		// equality, RFC 4517 and 4518
		{"case does not count", "(cn=JEAN-FRANÇOIS dupont)", y, y},
		{"any of the values will do", "(cn=dupont jean-françois)", y, y},
		{"runs of spaces are one", "(o=cabinet de    l'église)", y, y},
		{"spaces at the ends do not count", "(sn=  dupont )", y, y},
		{"accents count, but for leniency", "(cn=jean-francois dupont)", n, y},
		{"so do ligatures", "(title=medecin gynecologie coeur)", n, y},
		{"so do hyphens", "(l=saint étienne)", n, y},
		{"so do apostrophes", "(o=cabinet de l église)", n, y},
		{"an accent written apart is the same letter", "(givenName=jean-franc\u0327ois)", y, y},
		{"a mail address is compared without case", "(mail=JEAN.DUPONT@MEDECIN.formation.mssante.fr)", y, y},
		{"signs of a mail address count always", "(mail=jean-dupont@medecin.formation.mssante.fr)", n, n},
		{"an accent is in no mail address", "(mail=jéan)", u, u},
		{"a telephone number is compared without spaces and hyphens", "(telephoneNumber=+33 4-66 00 00 00)", y, y},
		{"an escaped value", `(description=\2b\2b\2b)`, y, y},
		{"signs alone are what they are", "(description=---)", n, n},
		{"an address line by line", `(postalAddress=bat \5c24 a$12 rue des lilas$42000 saint-étienne)`, y, y},
		{"an address with another line is another", `(postalAddress=12 rue des lilas$42000 saint-étienne)`, n, n},
		{"what is not UTF-8 is Undefined", `(cn=\ff)`, u, u},
		// substrings
		{"initial", "(sn=dup*)", y, y},
		{"initial is not any", "(sn=upont*)", n, n},
		{"any", "(sn=*PON*)", y, y},
		{"final", "(sn=*ont)", y, y},
		{"final is not any", "(sn=*pon)", n, n},
		{"all in order", "(cn=jean*çois*dup*t)", y, y},
		{"parts do not overlap", "(st=*auver*vergne*)", n, n},
		{"words of a name may", "(sn=*dup*pont*)", n, y},
		{"an any that ends with a space finds the end of a word", "(cn=*françois *)", y, y},
		{"and not its middle", "(cn=*fran *)", n, y},
		{"a space between parts of one word", "(cn=*jean- dupont*)", n, y},
		{"a part across two words", "(o=*cabinet de*)", y, y},
		{"a part across two words of which one is cut", "(o=*net de*)", y, y},
		{"accents count in parts, but for leniency", "(l=*etienne*)", n, y},
		{"a part of an address stands in one line", "(postalAddress=*lilas 42000*)", n, y},
		{"a part of a line of an address", "(postalAddress=*rue des*)", y, y},
		{"a part of a telephone number", "(telephoneNumber=*4 66*)", y, y},
		{"words of cn in any order are a leniency", "(cn=*dupont*jean*)", y, y},
		{"words of the surname may be of the whole name", "(sn=*jean dupont*)", n, y},
		{"in any order", "(givenName=*dupont jean*)", n, y},
		{"the first word begins a word of the name", "(sn=jean du*)", n, y},
		{"and is no part of one", "(sn=ean du*)", n, n},
		{"every word must be there", "(sn=*jean durand*)", n, n},
		{"one word is one of the attribute that was asked for", "(sn=*jean*)", n, n},
		{"words of other attributes stay in order", "(o=*église*cabinet*)", n, n},
		{"Thunderbird, two words", "(|(cn=*jean*dupont*)(mail=*jean dupont*)(givenName=*jean*)(sn=*jean dupont*))", y, y},
		{"Thunderbird, two words, the other way round, without accents", "(|(cn=*dupont*jean francois*)(mail=*dupont jean*)(sn=*dupont jean*))", n, y},
		// approximate
		{"approximate is equality", "(sn~=dupont)", y, y},
		{"with leniency, words of the name in any order", "(cn~=dupont jean)", n, y},
		{"whole words", "(cn~=dupon jean)", n, n},
		// ordering
		{"greater or equal", "(createTimestamp>=20261101041200Z)", y, y},
		{"greater", "(createTimestamp>=20261101041201Z)", n, n},
		{"less or equal, in another zone", "(modifyTimestamp<=20261101051200+0100)", y, y},
		{"codes are in the order of their characters", "(codeSpecialite>=SM40)", y, y},
		{"presence of what is computed", "(entryUUID=*)", y, y},
		{"identifiers", "(entryUUID=597AE2F6-16A6-8027-98F4-D28B5365DC14)", y, y},
		{"a boolean", "(hasSubordinates=FALSE)", y, y},
		{"a boolean in lower case is none", "(hasSubordinates=false)", u, u},
		// object classes
		{"any object class of the entry", "(objectClass=inetorgperson)", y, y},
		{"a superclass", "(objectClass=person)", y, y},
		{"a class by its OID", "(objectClass=2.5.6.6)", y, y},
		{"another class", "(objectClass=organization)", n, n},
		{"a class that is not known is Undefined", "(objectClass=MyBarnIsBiggerThanYourBarn)", u, u},
		{"presence of objectClass", "(objectclass=*)", y, y},
		{"a name of the DN", "(entryDN=MAIL=jean.dupont@medecin.formation.mssante.fr, DC=mssante,domainComponent=FR)", y, y},
		{"another DN", "(entryDN=mail=x,dc=fr)", n, n},
		// extensible
		{"a rule by name, exact", "(sn:caseExactMatch:=dupont)", n, n},
		{"a rule by OID, exact", "(sn:2.5.13.5:=DUPONT)", y, y},
		{"a rule that was named knows no leniency", "(l:caseIgnoreMatch:=saint etienne)", n, n},
		{"a type alone is equality", "(l:=saint etienne)", n, y},
		{"a rule alone is for every attribute it compares", "(:caseIgnoreMatch:=Auvergne-Rhône-Alpes)", y, y},
		{"and for no other", "(:caseIgnoreIA5Match:=DUPONT)", n, n},
		{"a rule that is not known is Undefined", "(cn:1.2.3:=x)", u, u},
		{"a rule that is not for the type is Undefined", "(cn:integerMatch:=1)", u, u},
		{"a substrings rule takes stars", "(sn:caseExactSubstringsMatch:=D*N*)", y, y},
		{"and no value without one", "(sn:caseExactSubstringsMatch:=DUPONT)", u, u},
		{"an ordering rule finds what comes before", "(sn:caseIgnoreOrderingMatch:=dupont)", n, n},
		{"before something later", "(sn:caseIgnoreOrderingMatch:=dupontel)", y, y},
		{"a part of the DN", "(dc:dn:=mssante)", y, y},
		{"a part of the DN that is not there", "(ou:dn:=people)", n, n},
		{"the DN does not count unless asked", "(dc:=mssante)", n, n},
		{"a rule alone on the DN", "(:dn:caseIgnoreIA5Match:=mssante)", y, y},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			f := parsed(t, tt.filter)
			if got := f.Match(jean(), Options{Strict: true}); got != tt.strict {
				t.Errorf("%s: strict %d, want %d", tt.filter, got, tt.strict)
			}
			if got := f.Match(jean(), Options{}); got != tt.lenient {
				t.Errorf("%s: lenient %d, want %d", tt.filter, got, tt.lenient)
			}
		})
	}
}

func TestEntriesWithoutCard(t *testing.T) {
	base := &subject{computed: map[string][]string{"objectClass": {"top", "domain"}, "dc": {"mssante"}, "o": {"MSSanté"}}}
	for filter, want := range map[string]Truth{"(objectClass=*)": y, "(objectClass=domain)": y, "(dc=MSSANTE)": y, "(o=mssante)": y, "(name=*sant*)": y,
		"(cn=*)": n, "(!(cn=*))": y, "(sn=*a b*)": n, "(dc:dn:=fr)": y, "(:caseIgnoreMatch:=MSSanté)": y, "(x=y)": u} {
		t.Run(filter, func(t *testing.T) {
			if got := parsed(t, filter).Match(base, Options{}); got != want {
				t.Errorf("%d, want %d", got, want)
			}
		})
	}
}

func TestCompareValue(t *testing.T) {
	for _, tt := range []struct {
		rule, attr, value string
		want              Truth
	}{
		{"a value that is there", "sn", "dupont", y},
		{"a value that is not", "sn", "durand", n},
		{"an attribute that is not", "pager", "1", n},
		{"a type that cannot be compared", "fax", "1", u},
		{"a value of another syntax", "hasSubordinates", "no", u},
		{"a type that is not known", "nobody", "x", u},
		{"what is computed", "objectClass", "person", y},
		{"accents, with leniency", "l", "saint etienne", y},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := CompareValue(jean(), schema.Lookup([]byte(tt.attr)), []byte(tt.value), Options{}); got != tt.want {
				t.Errorf("%d, want %d", got, tt.want)
			}
		})
	}
	if CompareValue(jean(), schema.Lookup([]byte("l")), []byte("saint etienne"), Options{Strict: true}) != n {
		t.Error("accents do not count, strictly")
	}
}

func TestSortKey(t *testing.T) {
	for _, tt := range []struct{ rule, attr, a, b string }{
		{"case does not count", "sn", "dupond", "DUPONT"},
		{"an accent does not part names", "sn", "Élan", "ELAND"},
		{"what differs by an accent alone is in one order", "sn", "Elan", "Élan"},
		{"integers are in the order of numbers", "numSubordinates", "9", "10"},
		{"times are in order", "createTimestamp", "20261101051200+0100", "20261101041201Z"},
		{"addresses of mail too", "mail", "a@x", "B@x"},
		{"what cannot be compared is in the order of its bytes", "jpegPhoto", "a", "b"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			typ := schema.Lookup([]byte(tt.attr))
			a, b := string(SortKey(nil, typ, []byte(tt.a))), string(SortKey(nil, typ, []byte(tt.b)))
			if a >= b {
				t.Errorf("%q, %q", a, b)
			}
		})
	}
}

func TestDescription(t *testing.T) {
	for desc, want := range map[string][3]string{
		"CN": {"cn", "held", "known"}, "cn;lang-fr": {"cn", "", "known"}, "cn;lang-fr;LANG-en-": {"cn", "", "known"}, "cn;": {"cn", "", ""}, "cn;binary": {"cn", "", ""},
		"cn;lang-": {"cn", "", ""}, "cn;lang-é": {"cn", "", ""}, "x": {"", "", ""}, "": {"", "", ""}, ";lang-fr": {"", "", ""}, "2.5.4.3": {"cn", "held", "known"},
	} {
		t.Run(desc, func(t *testing.T) {
			var got [3]string
			typ, held, known := Description([]byte(desc))
			if typ != nil {
				got[0] = typ.Name
			}
			if held {
				got[1] = "held"
			}
			if known {
				got[2] = "known"
			}
			if got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}
