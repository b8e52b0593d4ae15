package web

import "strings"

// Prefix is what the addresses of the English pages begin with.
const Prefix = "/en"

// The addresses of the pages, as the router of the front writes them; each is served under Prefix too.
const (
	PathHome       = "/"
	PathCriteria   = "/recherche"
	PathPeople     = "/professionnels"
	PathPerson     = "/professionnels/:id"
	PathCard       = "/professionnels/:id/carte.vcf"
	PathFilters    = "/filtres"
	PathStructures = "/structures"
	PathStructure  = "/structures/:id"
	PathSuggest    = "/suggestions"
	PathState      = "/etat"
	PathNotice     = "/mentions"
	PathAccess     = "/accessibilite"
	PathTerms      = "/conditions"
)

// Page is an address of the public page and what it shows.
type Page struct {
	Path    string // with ":id" for the identifier of a person or a structure
	Records bool   // shows what the directory holds: whoever looks for leaks walks these
}

// Pages lists every page, in both languages. Those with ":id" want PersonID or StructureID in its place.
var Pages = inBothLanguages([]Page{
	{PathHome, false}, {PathCriteria, false}, {PathPeople, true}, {PathPerson, true}, {PathCard, true}, {PathFilters, true}, {PathStructures, true},
	{PathStructure, true}, {PathSuggest, true}, {PathState, true}, {PathNotice, false}, {PathAccess, false}, {PathTerms, false},
})

func inBothLanguages(pages []Page) []Page {
	out := append([]Page{}, pages...)
	for _, p := range pages {
		out = append(out, Page{English(p.Path), p.Records})
	}
	return out
}

// English is the address of the English page of a French one.
func English(path string) string {
	if path == PathHome {
		return Prefix
	}
	return Prefix + path
}

// IsEnglish reports whether an address is that of an English page.
func IsEnglish(path string) bool { return path == Prefix || strings.HasPrefix(path, Prefix+"/") }

// Policy is the Content-Security-Policy of every page: everything comes from here, and nothing is written into a page that runs.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Headers are sent with every page. Addresses of pages hold what was looked for: they are told to nobody (Referrer-Policy), and no search
// engine is to keep pages about people.
var Headers = [][2]string{
	{"Content-Security-Policy", Policy},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	{"X-Frame-Options", "DENY"},
}

// Robots is /robots.txt: pages about people and questions are for people.
const Robots = "User-agent: *\nDisallow: /professionnels\nDisallow: /structures\nDisallow: /suggestions\nDisallow: /filtres\nDisallow: /recherche\nDisallow: /v1/\n" +
	"Disallow: /en/professionnels\nDisallow: /en/structures\nDisallow: /en/suggestions\nDisallow: /en/filtres\nDisallow: /en/recherche\n"
