package main

import (
	"fmt"
	"strings"
)

// question is a kind of question that a client was seen to ask.
type question struct {
	name string
	// values makes the request of a person; ok is false when the person has not got what it takes.
	values func(s subject) (search, bool)
	absent bool // the values are letters that occur nowhere
	pages  bool // the whole address book, page by page
	short  bool // "contains" of one to three letters: to be answered within targetShort
}

// questions are those measured. What each client sends is as captured on the wire or read in its source.
var questions = []question{
	{name: "Thunderbird autocomplete, 1 letter", values: typed(1), short: true},
	{name: "Thunderbird autocomplete, 2 letters", values: typed(2), short: true},
	{name: "Thunderbird autocomplete, 3 letters", values: typed(3), short: true},
	{name: "Thunderbird autocomplete, 6 letters", values: typed(6)},
	{name: "Thunderbird autocomplete, two words", values: func(s subject) (search, bool) { return autocomplete(s.given, s.family), true }},
	{name: "Thunderbird autocomplete, 3 letters that nobody has", absent: true, short: true},
	{name: "Thunderbird quick search, one word", values: func(s subject) (search, bool) { return quick(s.family), true }},
	{name: "Thunderbird quick search, two words", values: func(s subject) (search, bool) { return quick(s.given, s.family), true }},
	{name: "Outlook, 1 letter", values: func(s subject) (search, bool) { return outlook(beginning(s.family, 1)), true }},
	{name: "Outlook, surname", values: func(s subject) (search, bool) { return outlook(s.family), true }},
	{name: "Roundcube, 4 letters", values: func(s subject) (search, bool) { return roundcube(beginning(s.family, 4)), len(s.family) >= 4 }},
	{name: "SOGo, 4 letters, sorted", values: func(s subject) (search, bool) { return sogo(beginning(s.family, 4)), len(s.family) >= 4 }},
	{name: "Mediboard, sn + givenName", values: func(s subject) (search, bool) {
		return mediboard("sn", s.family, "givenName", s.given)
	}},
	{name: "Mediboard, profession + specialty + department", values: func(s subject) (search, bool) {
		return mediboard("codeProfession", s.profession, "codeSpecialite", s.specialty, "departement", s.department)
	}},
	{name: "Mediboard, IdentifiantPP", values: func(s subject) (search, bool) {
		return mediboard("TypeIdentifiantPP", s.idType, "IdentifiantPP", s.id)
	}},
	{name: "Postfix, address that exists", values: func(s subject) (search, bool) { return postfix(s.mail) }},
	{name: "Postfix, address that does not", values: func(s subject) (search, bool) { return postfix("absent." + s.mail) }},
	{name: "paged read, pages of 1 000", pages: true},
}

func typed(n int) func(s subject) (search, bool) {
	return func(s subject) (search, bool) { return autocomplete(beginning(s.family, n)), len(s.family) >= n }
}

// autocomplete is Thunderbird's autoComplete.filterTemplate, (|(cn=*%v1*%v2-*)(mail=*%v*)(givenName=*%v1*)(sn=*%v*)), up to 100 entries and
// all user attributes.
func autocomplete(words ...string) search {
	all := strings.Join(words, " ")
	return search{size: 100, filter: fmt.Sprintf("(|(cn=*%s*)(mail=*%s*)(givenName=*%s*)(sn=*%s*))", strings.Join(words, "*"), all, words[0], all)}
}

// quick is Thunderbird's mail.addr_book.quicksearchquery.format: for each word, any of twelve attributes contains it.
func quick(words ...string) search {
	var f strings.Builder
	for _, w := range words {
		f.WriteString(strings.ReplaceAll("(|(cn=*w*)(givenName=*w*)(sn=*w*)(mozillaNickname=*w*)(mail=*w*)(mozillaSecondEmail=*w*)(&(description=*w*))(o=*w*)(ou=*w*)(title=*w*)"+
			"(mozillaWorkUrl=*w*)(mozillaHomeUrl=*w*))", "*w*", "*"+w+"*"))
	}
	if len(words) == 1 {
		return search{size: 100, filter: f.String()}
	}
	return search{size: 100, filter: "(&" + f.String() + ")"}
}

// outlook is the request captured of Outlook: five beginnings, aliases always dereferenced, 999 entries, 15 s, lengths in four octets. The
// attributes are those of its address book: the capture only shows that their names take some 229 octets.
func outlook(v string) search {
	f := strings.ReplaceAll("(&(|(mail=v*)(cn=v*)(sn=v*)(givenName=v*)(displayName=v*)))", "=v*", "="+v+"*")
	return search{deref: 3, size: 999, time: 15, filter: f, wide: true, attrs: []string{"cn", "display-name", "mail", "telephoneNumber", "facsimileTelephoneNumber", "mobile",
		"pager", "homePhone", "title", "department", "ou", "physicalDeliveryOfficeName", "company", "o", "givenName", "initials", "sn", "street", "l", "st", "postalCode", "c", "objectClass"}}
}

// roundcube is an autocomplete with its default settings (no limits of its own) and the filter of its documentation.
func roundcube(w string) search {
	f := strings.ReplaceAll("(&(objectClass=inetOrgPerson)(|(cn=*w*)(givenName=*w*)(sn=*w*)(mail=*w*)))", "*w*", "*"+w+"*")
	return search{filter: f, attrs: []string{"cn", "sn", "givenName", "title", "mail", "homePhone", "telephoneNumber", "mobile", "pager",
		"facsimileTelephoneNumber", "street", "postalCode", "st", "l", "c", "o", "ou", "description", "jpegPhoto", "objectClass"}}
}

// sogo is its search of an address book, sorted by cn.
func sogo(w string) search {
	f := strings.ReplaceAll("(|(sn=*w*)(displayname=*w*)(cn=*w*)(mail=*w*)(telephonenumber=*w*))", "*w*", "*"+w+"*")
	return search{size: 1000, time: 10, filter: f, attrs: []string{"*"}, sort: "cn"}
}

// mediboard is the connector's flat AND of what was filled in, without limits, for the attributes it shows of a person.
func mediboard(pairs ...string) (search, bool) {
	var f strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if !plain(pairs[i+1]) {
			return search{}, false
		}
		fmt.Fprintf(&f, "(%s=%s)", pairs[i], pairs[i+1])
	}
	return search{filter: "(&" + f.String() + ")", attrs: []string{"givenName", "sn", "mail", "IdentifiantPP", "TypeIdentifiantPP", "profession", "l"}}, true
}

// postfix is a lookup of ldap_table(5) with query_filter (mail=%s).
func postfix(mail string) (search, bool) {
	return search{time: 10, filter: "(mail=" + mail + ")", attrs: []string{"mail"}}, plain(mail)
}
