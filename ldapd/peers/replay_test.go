package peers

import (
	"bufio"
	"encoding/hex"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// people are those whom the recorded requests look for.
func people() []card.Card {
	with := ldaptest.With
	return append(ldaptest.Few(),
		ldaptest.Mailbox("Jean-Paul", "LÉGER", with(card.L, "Saint-Étienne"), with(card.O, "HÔPITAL NORD"), with(card.OU, "Cardiologie"), with(card.Title, "Médecin - Cardiologie"),
			with(card.SecondEmail, "jp.leger@chu.formation.mssante.fr"), with(card.TelephoneNumber, "+33477000000"), with(card.C, "FR"), with(card.PostalCode, "42000")))
}

// sortBy is the control of RFC 2891 as SOGo sends it.
type sortBy struct{ attribute, rule string }

// quick is the filter of Thunderbird's search box for one word.
func quick(w string) string {
	return strings.ReplaceAll("(|(cn=*w*)(givenName=*w*)(sn=*w*)(mozillaNickname=*w*)(mail=*w*)(mozillaSecondEmail=*w*)(&(description=*w*))(o=*w*)(ou=*w*)(title=*w*)(mozillaWorkUrl=*w*)(mozillaHomeUrl=*w*))", "*w*", "*"+w+"*")
}

// What mail clients and MTAs were seen to send (docs/clients), and who is found. size and time are those of the request.
var recorded = []struct {
	client, does string
	base         string
	deref        int
	size, time   int
	filter       string
	attributes   []string
	sort         *sortBy
	page         uint32
	finds        []string // the names before the @
}{
	{"Thunderbird", "completes one word", base, 0, 100, 0, "(|(cn=*dupont*)(mail=*dupont*)(givenName=*dupont*)(sn=*dupont*))", nil, nil, 0, []string{"anne.dupontel", "jean.dupont"}},
	{"Thunderbird", "completes one letter", base, 0, 100, 0, "(|(cn=*z*)(mail=*z*)(givenName=*z*)(sn=*z*))", nil, nil, 0, []string{"zélie.martin"}},
	{"Thunderbird", "completes two words, the surname first", base, 0, 100, 0, "(|(cn=*leger*jean*)(mail=*leger jean*)(givenName=*leger*)(sn=*leger jean*))", nil, nil, 0, []string{"jean-paul.léger"}},
	{"Thunderbird", "completes what was typed with the wrong sign", base, 0, 100, 0, "(|(cn=*jean*paul*)(mail=*jean paul*)(givenName=*jean*)(sn=*jean paul*))", nil, nil, 0, []string{"jean-paul.léger", "jean.dupont"}},
	{"Thunderbird", "searches two words in its window", base, 0, 100, 0, "(&" + quick("léger") + quick("cardio") + ")", nil, nil, 0, []string{"jean-paul.léger"}},
	{"Thunderbird", "searches the second address", base, 0, 100, 0, quick("jp.leger@chu"), nil, nil, 0, []string{"jean-paul.léger"}},
	{"Thunderbird", "with the filter of the book", base, 0, 100, 0, "(&(objectClass=*)(|(cn=*brien*)(mail=*brien*)(givenName=*brien*)(sn=*brien*)))", nil, nil, 0, []string{"paul.o'brien"}},
	{"Thunderbird", "downloads the book", base, 0, 0, 0, "(objectclass=*)", nil, nil, 0, []string{"accueil", "anne.dupontel", "jean-paul.léger", "jean.dupont", "paul.o'brien", "zélie.martin"}},
	{"Outlook", "completes a letter", base, 3, 999, 15, "(&(|(mail=z*)(cn=z*)(sn=z*)(givenName=z*)(displayName=z*)))", []string{"cn", "display-name", "mail", "telephoneNumber", "title", "department", "physicalDeliveryOfficeName", "company", "givenName", "initials", "sn"}, nil, 0, []string{"zélie.martin"}},
	{"Outlook", "an older one", base, 3, 999, 15, "(&(mail=*)(|(mail=dup*)(|(cn=dup*)(|(sn=dup*)(givenName=dup*)))))", []string{"cn", "mail"}, nil, 0, []string{"anne.dupontel", "jean.dupont"}},
	{"Apple Contacts", "with an empty base", "", 0, 0, 30, "(|(givenname=martin*)(sn=martin*)(cn=martin*)(mail=martin*))", strings.Fields("givenName sn cn mail telephoneNumber facsimileTelephoneNumber o title ou buildingName street l st postalCode c jpegPhoto mobile co pager destinationIndicator labeledURI IMHandle"), nil, 0, []string{"zélie.martin"}},
	{"Evolution", "contains, in any field", base, 0, 100, 0, "(&(objectClass=*)(|(cn=*nord*)(givenName=*nord*)(sn=*nord*)(mobile=*nord*)(facsimileTelephoneNumber=*nord*)(internationaliSDNNumber=*nord*)(pager=*nord*)(o=*nord*)(roomNumber=*nord*)(title=*nord*)(labeledURI=*nord*)(description=*nord*)(icsCalendar=*nord*)))", nil, nil, 0, []string{"jean-paul.léger"}},
	{"Evolution", "begins with, on the full name", base, 0, 100, 0, "(|(cn=dup*)(sn=dup*))", nil, nil, 0, []string{"anne.dupontel", "jean.dupont"}},
	{"Evolution", "a property that there is not", base, 0, 100, 0, "(objectClass=MyBarnIsBiggerThanYourBarn)", nil, nil, 0, nil},
	{"Roundcube", "searches two words", base, 0, 0, 0, "(&(objectClass=inetOrgPerson)(&(|(mail=*jean*)(cn=*jean*))(|(mail=*dupont*)(cn=*dupont*))))", strings.Fields("cn sn givenName title mail homePhone telephoneNumber mobile pager street postalCode st l c o ou description jpegPhoto objectClass"), nil, 0, []string{"jean.dupont"}},
	{"SOGo", "searches, sorted by a rule of its own", base, 0, 1000, 10, "(|(sn=*dup*)(displayname=*dup*)(cn=*dup*)(mail=*dup*)(telephonenumber=*dup*))", []string{"*"}, &sortBy{"cn", "2.5.13.3"}, 0, []string{"anne.dupontel", "jean.dupont"}},
	{"SOGo", "lists all", base, 0, 1000, 10, "(cn=*)", []string{"*"}, &sortBy{"cn", "2.5.13.3"}, 0, []string{"accueil", "anne.dupontel", "jean-paul.léger", "jean.dupont", "paul.o'brien", "zélie.martin"}},
	{"Zimbra", "its template, where the classes are ours", base, 0, 0, 0, "(&(|(displayName=*dup*)(cn=*dup*)(sn=*dup*)(gn=*dup*)(zimbraPhoneticFirstName=*dup*)(mail=*dup*)(zimbraMailAlias=*dup*))(objectclass=inetOrgPerson)(!(objectclass=organization)))", nil, nil, 1000, []string{"anne.dupontel", "jean.dupont"}},
	{"Zimbra", "its template for Active Directory finds nobody: what is not known is Undefined", base, 0, 0, 0, "(&(|(displayName=*dup*)(cn=*dup*))(!(msExchHideFromAddressLists=TRUE))(mailnickname=*))", nil, nil, 1000, nil},
	{"Postfix", "looks an address up", base, 0, 0, 10, "(mail=JEAN.DUPONT@medecin.formation.mssante.fr)", []string{"mail"}, nil, 0, []string{"jean.dupont"}},
	{"Postfix", "looks nobody up", base, 0, 0, 10, "(mail=nobody@medecin.formation.mssante.fr)", []string{"mail"}, nil, 0, nil},
	{"Postfix", "with its own default", base, 0, 0, 10, "(mailacceptinggeneralid=jean.dupont@medecin.formation.mssante.fr)", []string{"maildrop"}, nil, 0, nil},
	{"a telephone", "of a name", base, 0, 0, 0, "(|(cn=leg*)(sn=leg*))", []string{"cn", "telephoneNumber"}, nil, 0, []string{"jean-paul.léger"}},
	{"a telephone", "of a number", base, 0, 0, 0, "(|(telephoneNumber=+334 77*)(mobile=+334 77*)(ipPhone=+334 77*))", []string{"cn"}, nil, 0, []string{"jean-paul.léger"}},
	{"Mediboard", "combines criteria", base, 0, 0, 0, "(&(sn=leger)(givenName=jean*)(l=saint etienne))", []string{"givenName", "sn", "mail", "IdentifiantPP", "TypeIdentifiantPP", "profession", "l"}, nil, 0, []string{"jean-paul.léger"}},
	{"Mediboard", "asks for structures", base, 0, 0, 0, "(&(o=clinique*)(l=lyon))", []string{"o", "mail", "IdentifiantPM", "TypeIdentifiantPM", "l", "description"}, nil, 0, []string{"jean.dupont"}},
	{"DMPConnect", "leaves criteria empty", base, 0, 0, 30, "(&(sn=mar*)(givenName=*)(mail=*))", nil, nil, 0, []string{"zélie.martin"}},
}

func TestRecordedRequests(t *testing.T) {
	address := ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(people()...)})
	for _, r := range recorded {
		t.Run(r.client+" "+r.does, func(t *testing.T) {
			c := dial(t, address)
			if err := c.UnauthenticatedBind(""); err != nil {
				t.Fatal(err)
			}
			req := ldap.NewSearchRequest(r.base, ldap.ScopeWholeSubtree, r.deref, r.size, r.time, false, r.filter, r.attributes, nil)
			if r.sort != nil {
				req.Controls = append(req.Controls, ldap.NewControlServerSideSortingWithSortKeys([]*ldap.SortKey{{AttributeType: r.sort.attribute, MatchingRule: r.sort.rule}}))
			}
			search := func() (*ldap.SearchResult, error) { return c.Search(req) }
			if r.page > 0 {
				search = func() (*ldap.SearchResult, error) { return c.SearchWithPaging(req, r.page) }
			}
			answer, err := search()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range answer.Entries {
				if rest, ok := strings.CutPrefix(strings.ToLower(e.DN), "mail="); ok {
					name, _, _ := strings.Cut(rest, "@")
					got = append(got, strings.ReplaceAll(name, `\`, ""))
				}
			}
			if slices.Sort(got); !slices.Equal(got, r.finds) {
				t.Errorf("%q, want %q", got, r.finds)
			}
		})
	}
}

// outlookBytes is a request of Outlook on Windows as it was on the wire, every length in four octets: bind, then a search for "n" from the base
// dc=mssante,dc=fr. Its filter matches nobody whose names do not begin so.
func outlookBytes(letter byte) string {
	long := func(tag byte, content string) string {
		n := len(content)
		return string([]byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + content
	}
	var terms strings.Builder
	for _, a := range []string{"mail", "cn", "sn", "givenName", "displayName"} {
		terms.WriteString(long(0xa4, long(4, a)+long(0x30, "\x80\x01"+string(letter))))
	}
	filter := long(0xa0, long(0xa1, terms.String()))
	search := long(4, base) + "\x0a\x01\x02\x0a\x01\x03\x02\x02\x03\xe7\x02\x01\x0f\x01\x01\x00" + filter + long(0x30, long(4, "mail")+long(4, "cn"))
	return long(0x30, "\x02\x01\x01"+long(0x60, "\x02\x01\x03\x04\x00\x80\x00")) + long(0x30, "\x02\x01\x02"+long(0x63, search))
}

func TestOutlookByteForByte(t *testing.T) {
	address := ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(people()...)})
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	sent := outlookBytes('z')
	if _, err := io.WriteString(c, sent); err != nil {
		t.Fatal(err)
	}
	var got []byte
	r := bufio.NewReader(c)
	for !strings.Contains(string(got), "\x65\x07\x0a\x01\x00") { // SearchResultDone, success
		b, err := r.ReadByte()
		if err != nil {
			t.Fatalf("%v after\n%s", err, hex.Dump(got))
		}
		got = append(got, b)
	}
	if !strings.Contains(string(got), "zélie.martin@medecin.formation.mssante.fr") || strings.Contains(string(got), "dupont") {
		t.Errorf("%q", got)
	}
}

// Thunderbird abandons the search of a key when the next one is typed, and leaves the connection open.
func TestThunderbirdTypesOn(t *testing.T) {
	address := ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(people()...)})
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	stars := "\x30\x2a\x02\x01\x03\x63\x25\x04\x10" + base + "\x0a\x01\x02\x0a\x01\x00\x02\x01\x64\x02\x01\x00\x01\x01\x00\xa4\x06\x04\x02cn\x30\x00\x30\x00"
	stars = "\x30" + string(rune(len(stars)-2)) + stars[2:]
	stars = stars[:6] + string(rune(len(stars)-7)) + stars[7:]
	if _, err := io.WriteString(c, "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"+"\x30\x06\x02\x01\x02\x50\x01\x09"+stars); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 200)
	n, err := io.ReadAtLeast(c, answer, 14+10)
	if err != nil || !strings.Contains(string(answer[:n]), "\x61\x07\x0a\x01\x00") {
		t.Fatalf("%v %q", err, answer[:n])
	}
	if !strings.Contains(string(answer[14:n]), "\x0a\x01\x02") { // protocolError, and the connection stays
		t.Fatalf("stars: %q", answer[14:n])
	}
	if _, err := io.WriteString(c, outlookBytes('z')); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAtLeast(c, answer, 20); err != nil {
		t.Fatal("the connection is gone: ", err)
	}
}
