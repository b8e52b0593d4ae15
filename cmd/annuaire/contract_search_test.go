package main

import (
	"net/url"
	"strconv"
	"strings"
)

// found is a line of DESIGN 8 about the search: the question, and the given names of whom it finds, in any order.
type found struct {
	line, query, who string
}

// everybody of the second day.
const everybody = "Ambroise Anaïs Noé Paul Zélie"

// searchParameters are those of DESIGN 8, "Search parameters", in its order.
var searchParameters = []found{
	{"q (free text)", "q=psychiatre mende", "Zélie"},
	{"name (family and given, any order)", "name=exemple zelie", "Zélie"},
	{"name (family and given, any order): given first", "name=zelie exemple", "Zélie"},
	{"family", "family=exemple", "Zélie"},
	{"given", "given=noé", "Noé"},
	{"profession", "profession=60", "Noé"},
	{"specialty", "specialty=SM04", "Anaïs"},
	{"category", "category=M", "Ambroise"},
	{"mode", "mode=S", "Ambroise Anaïs"},
	{"sector", "sector=SA01", "Ambroise Anaïs"},
	{"role", "role=FON-09", "Ambroise"},
	{"setting (hopital)", "setting=hopital", "Ambroise Anaïs"},
	{"setting (ville)", "setting=ville", "Anaïs Paul Zélie"},
	{"structure (name)", "structure=hopital de lyon", "Anaïs"},
	{"finess", "finess=480000017", "Ambroise"},
	{"finess, of the legal entity", "finess=480000009", "Ambroise"},
	{"siret", "siret=26480001700015", "Ambroise"},
	{"siren", "siren=264800017", "Ambroise"},
	{"structure_id (added)", "structure_id=F480000017", "Ambroise"},
	{"street", "street=rue des lilas", "Anaïs Zélie"},
	{"city", "city=mende", "Ambroise Anaïs Zélie"},
	{"postal_code", "postal_code=69003", "Anaïs"},
	{"insee", "insee=48095", "Ambroise Anaïs Zélie"},
	{"department", "department=69", "Anaïs"},
	{"region", "region=84", "Anaïs"},
	{"rpps", "rpps=99012345679", "Zélie"},
	{"id", "id=" + paul, "Paul"},
	{"mailbox", "mailbox=" + anaisNext, "Anaïs"},
	{"has_mailbox", "has_mailbox=true", "Anaïs Noé Zélie"},
	{"has_mailbox: nobody's", "has_mailbox=false", "Ambroise Paul"},

	{"different parameters must all hold", "family=exemple&city=lyon", ""},
	{"what belongs to an activity within one activity", "mode=S&city=lyon", "Anaïs"},
	{"what belongs to an activity within one activity: not in two", "mode=L&city=lyon", ""},
	{"profession, category and specialty belong to its practice", "profession=10&category=M", "Ambroise"},
	{"profession, category and specialty belong to its practice: not to another", "profession=40&category=M", ""},
	{"a practice without activity matches as one empty activity", "profession=40&category=C", "Ambroise"},
	{"a practice without activity matches as one empty activity: which is nowhere", "profession=60&city=mende", ""},
	{"repeating a parameter means any of its values", "given=zélie&given=noé", "Noé Zélie"},
	{"commas split values of codes", "profession=60,71", "Noé Paul"},
	{"commas split values of ids", "id=" + zelie + "," + paul, "Paul Zélie"},
	{"commas split values of postal codes", "postal_code=69003,75004", "Anaïs Paul"},
	{"commas split values only of these: not of names", "given=zélie,noé&match=exact", ""},
	{"codes and labels both work: profession=10", "profession=10", "Ambroise Anaïs Zélie"},
	{"codes and labels both work: profession=médecin", "profession=médecin", "Ambroise Anaïs Zélie"},
	{"codes and labels both work: department=69", "department=69", "Anaïs"},
	{"codes and labels both work: department=Rhône", "department=Rhône", "Anaïs"},
	{"no criterion means everyone", "", everybody},
	{"nothing found is 200 with total: 0", "family=zzzzzz", ""},

	{"match=exact applies to name: every word is a whole word of family or given", "match=exact&name=tour", "Ambroise Noé"},
	{"match=exact applies to name: no beginning of one", "match=exact&name=tou", ""},
	{"match=exact applies to family", "match=exact&family=exemple", "Zélie"},
	{"match=exact applies to given", "match=exact&given=zelie", "Zélie"},
	{"match=exact applies to structure", "match=exact&structure=cabinet exemple", "Anaïs Zélie"},
	{"match=exact applies to structure: the whole of it", "match=exact&structure=cabinet", ""},
	{"match=exact applies to street", "match=exact&street=12 rue des lilas", "Anaïs Zélie"},
	{"match=exact applies to city", "match=exact&city=mende", "Ambroise Anaïs Zélie"},
	{"match=prefix applies to name", "match=prefix&name=exem zé", "Zélie"},
	{"match=prefix applies to family", "match=prefix&family=exem", "Zélie"},
	{"match=prefix applies to given", "match=prefix&given=zé", "Zélie"},
	{"match=prefix applies to structure", "match=prefix&structure=hopital de l", "Anaïs"},
	{"match=prefix applies to street", "match=prefix&street=place", "Anaïs"},
	{"match=prefix applies to city", "match=prefix&city=men", "Ambroise Anaïs Zélie"},
	{"match=tolerant", "match=tolerant&family=exemlpe", "Zélie"},
	{"tolerant is the default", "family=exemlpe", "Zélie"},
	{"tolerant, which exact is not", "match=exact&family=exemlpe", ""},
	{"tolerant, which prefix is not", "match=prefix&family=exemlpe", ""},
	{"exact compares the whole value with case, accents and ligatures folded", "match=exact&family=oeuvrard-l'hote", "Anaïs"},
	{"hyphen, apostrophe and space alike", "match=exact&family=œuvrard l hôte", "Anaïs"},
	{"family=de la tour is DE-LA TOUR, not TOUR", "match=exact&family=de la tour", "Ambroise"},
	{"family=tour is not DE-LA TOUR", "match=exact&family=tour", "Noé"},
	{"a city accepts its arrondissements", "match=exact&city=lyon", "Anaïs"},
	{"prefix: words are word prefixes, in order", "match=prefix&family=de la t", "Ambroise"},
	{"prefix: words are word prefixes, not in another order", "match=prefix&family=t de", ""},
	{"postal_code shorter than five digits is a prefix", "postal_code=69", "Anaïs"},
}

// spaced writes a query string that is written here as people read it.
func spaced(query string) string {
	return url.PathEscape(query)
}

func count(words string) string { return strconv.Itoa(len(strings.Fields(words))) }
