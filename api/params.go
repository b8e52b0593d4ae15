package api

import "annuaire"

// Limits on what a request may say.
const (
	maxQueryBytes  = 8 << 10 // of the query string, as sent
	maxValueRunes  = 200     // of one value
	maxValues      = 100     // of one parameter
	maxCursorBytes = 2 << 10 // of a cursor token
)

// scope is what a parameter is about.
type scope uint8

const (
	scopePerson    scope = iota // the record itself
	scopeSituation              // holds within one activity, together with the others of this scope
	scopePage                   // how to answer, not what to find
	scopeText                   // free text, which is both
)

// routes is a set of routes.
type routes uint16

const (
	onProfessionals routes = 1 << iota
	onStructures
	onMailboxes
	onRecord // one record by its identifier
	onExport // beside what it exports: the criteria are those of the search
	onHistory
	onSuggest
	onChanges
	onMyBoxes
	onIndicators
	onEligibility

	onSearches = onProfessionals | onStructures | onMailboxes
)

// param is one row of the table. A name may have several rows, on different routes.
type param struct {
	name   string
	kind   *kind
	field  annuaire.Field
	scope  scope
	on     routes
	most   int      // of kindLimit
	values []string // of the kinds "one of" and "list of"; the parameter `fields` gets the keys of its route
	also   []string // other words for it, to guess what an unknown parameter means; not accepted
	doc    string
}

// The values of match.
const (
	matchTolerant = "tolerant"
	matchPrefix   = "prefix"
	matchExact    = "exact"
)

// facetFields are the fields that facets count.
var facetFields = []string{"profession", "specialty", "department", "region", "mode", "sector", "city"}

// params is the table of every parameter. Criteria are put together in its order.
var params = []param{
	{name: "name", kind: kindWords, field: annuaire.FieldName, on: onProfessionals | onMailboxes, also: []string{"nom_prenom", "names", "fullname"}, doc: "words of the family and given names, in any order"},
	{name: "name", kind: kindWords, field: annuaire.FieldStructure, on: onStructures, also: []string{"nom"}, doc: "name of the structure, the same as structure"},
	{name: "family", kind: kindWords, field: annuaire.FieldFamily, on: onProfessionals | onMailboxes, also: []string{"nom", "lastname", "surname", "family_name"}, doc: "family name of exercise"},
	{name: "given", kind: kindWords, field: annuaire.FieldGiven, on: onProfessionals | onMailboxes, also: []string{"prenom", "firstname", "given_name"}, doc: "given name of exercise"},
	{name: "id", kind: kindNational, field: annuaire.FieldID, on: onProfessionals | onMailboxes, also: []string{"idnatpp"}, doc: "IdNatPP, RPPS or ADELI number (of the holder of a mailbox)"},
	{name: "id", kind: kindTechID, field: annuaire.FieldStructID, on: onStructures, doc: "technical identifier of the structure"},
	{name: "rpps", kind: kindRPPS, field: annuaire.FieldID, on: onProfessionals | onMailboxes, doc: "RPPS number, spaces allowed (of the holder of a mailbox)"},
	{name: "mailbox", kind: kindAddress, field: annuaire.FieldMailbox, on: onProfessionals | onMailboxes, also: []string{"mail", "email", "adresse", "address", "bal"}, doc: "address of a published mailbox"},
	{name: "has_mailbox", kind: kindFlag, field: annuaire.FieldHasMailbox, on: onProfessionals, values: []string{"true", "false"}, doc: "has a published mailbox"},
	{name: "kind", kind: kindChoice, field: annuaire.FieldKind, on: onMailboxes, values: []string{"PER", "ORG", "CAB", "APP"}, also: []string{"type"}, doc: "kind of mailbox"},

	{name: "profession", kind: kindCode, field: annuaire.FieldProfession, scope: scopeSituation, on: onProfessionals | onMailboxes, doc: "profession"},
	{name: "category", kind: kindCode, field: annuaire.FieldCategory, scope: scopeSituation, on: onProfessionals, also: []string{"categorie"}, doc: "category of the practice (C, E, F, M)"},
	{name: "specialty", kind: kindCode, field: annuaire.FieldSpecialty, scope: scopeSituation, on: onProfessionals, also: []string{"specialite", "savoir_faire"}, doc: "savoir-faire"},
	{name: "mode", kind: kindCode, field: annuaire.FieldMode, scope: scopeSituation, on: onProfessionals, doc: "mode of exercise (L, S, B)"},
	{name: "sector", kind: kindCode, field: annuaire.FieldSector, scope: scopeSituation, on: onProfessionals | onStructures, also: []string{"secteur"}, doc: "sector of activity"},
	{name: "role", kind: kindCode, field: annuaire.FieldRole, scope: scopeSituation, on: onProfessionals, also: []string{"fonction"}, doc: "role"},
	{name: "setting", kind: kindChoice, field: annuaire.FieldSetting, scope: scopeSituation, on: onProfessionals | onStructures, values: []string{"ville", "hopital"}, doc: "in town or in hospital"},
	{name: "structure", kind: kindWords, field: annuaire.FieldStructure, scope: scopeSituation, on: onSearches, also: []string{"etablissement", "raison_sociale"}, doc: "name of the structure"},
	{name: "finess", kind: kindFINESS, field: annuaire.FieldFINESS, scope: scopeSituation, on: onSearches, doc: "FINESS number, of the site or of the legal entity"},
	{name: "siret", kind: kindSIRET, field: annuaire.FieldSIRET, scope: scopeSituation, on: onSearches, doc: "SIRET number"},
	{name: "siren", kind: kindSIREN, field: annuaire.FieldSIREN, scope: scopeSituation, on: onProfessionals | onStructures, doc: "SIREN number"},
	{name: "structure_id", kind: kindTechID, field: annuaire.FieldStructID, scope: scopeSituation, on: onProfessionals, also: []string{"id_structure"}, doc: "technical identifier of the structure"},
	{name: "street", kind: kindWords, field: annuaire.FieldStreet, scope: scopeSituation, on: onProfessionals | onStructures, also: []string{"rue", "voie"}, doc: "street"},
	{name: "city", kind: kindWords, field: annuaire.FieldCity, scope: scopeSituation, on: onSearches, also: []string{"ville", "commune", "town"}, doc: "city; one with arrondissements accepts them all"},
	{name: "postal_code", kind: kindPostal, field: annuaire.FieldPostalCode, scope: scopeSituation, on: onSearches, also: []string{"code_postal", "cp", "zip", "postcode", "postalcode"}, doc: "postal code; fewer than five digits are its beginning"},
	{name: "insee", kind: kindINSEE, field: annuaire.FieldINSEE, scope: scopeSituation, on: onProfessionals | onStructures, also: []string{"code_commune"}, doc: "commune code (INSEE, COG)"},
	{name: "department", kind: kindCode, field: annuaire.FieldDepartment, scope: scopeSituation, on: onSearches, also: []string{"departement", "dept"}, doc: "département"},
	{name: "region", kind: kindCode, field: annuaire.FieldRegion, scope: scopeSituation, on: onSearches, doc: "region"},

	{name: "match", kind: kindOption, scope: scopePage, on: onSearches, values: []string{matchTolerant, matchPrefix, matchExact}, doc: "how words are compared; tolerant unless told"},
	{name: "sort", kind: kindOption, scope: scopePage, on: onSearches, values: []string{string(annuaire.SortRelevance), string(annuaire.SortName)}, also: []string{"order", "tri"}, doc: "order of the items; relevance unless told"},
	{name: "limit", kind: kindLimit, scope: scopePage, on: onSearches, most: annuaire.MaxLimit, also: []string{"size", "per_page", "count"}, doc: "items on a page; 20 unless told"},
	{name: "cursor", kind: kindCursor, scope: scopePage, on: onSearches, also: []string{"page", "offset", "next"}, doc: "where to continue: taken from next, the other parameters unchanged"},
	{name: "facets", kind: kindOptions, scope: scopePage, on: onProfessionals, values: facetFields, doc: "fields whose values are counted"},
	{name: "fields", kind: kindOptions, scope: scopePage, on: onSearches | onRecord, doc: "top-level keys to keep of each item"},
	{name: "explain", kind: kindOption, scope: scopePage, on: onSearches, values: []string{"true", "false"}, doc: "also say how the question was understood"},
	{name: "q", kind: kindText, scope: scopeText, on: onSearches, also: []string{"query", "search", "recherche"}, doc: "free text: names, trades, places, numbers, an address"},

	{name: "format", kind: kindOption, scope: scopePage, on: onExport, values: []string{formatNDJSON, formatCSV}, doc: "of the lines; ndjson unless told"},
	{name: "after", kind: kindAfter, scope: scopePage, on: onExport, doc: "continue after this id (the address of a mailbox)"},
	{name: "q", kind: kindTyped, scope: scopeText, on: onSuggest, doc: "what is typed so far"},
	{name: "limit", kind: kindLimit, scope: scopePage, on: onSuggest, most: 20, doc: "suggestions; 10 unless told"},
	{name: "kinds", kind: kindOptions, scope: scopePage, on: onSuggest, values: []string{"professional", "structure", "place", "profession"}, doc: "what to suggest; everything unless told"},
	{name: "since", kind: kindNumber, scope: scopePage, on: onChanges, doc: "changes after this number; 0 unless told"},
	{name: "limit", kind: kindLimit, scope: scopePage, on: onChanges, most: 10_000, doc: "changes of one answer; 1000 unless told"},

	{name: "state", kind: kindChoice, scope: scopePage, on: onMyBoxes, values: []string{stateActive, stateSuspended, stateClosed, stateOrphaned, stateRedListed}, doc: "what became of the box; any unless told"},
	{name: "kind", kind: kindChoice, scope: scopePage, on: onMyBoxes, values: []string{"PER", "ORG", "CAB", "APP"}, doc: "kind of mailbox; any unless told"},
	{name: "domain", kind: kindDomain, scope: scopePage, on: onMyBoxes | onIndicators, doc: "mail domain, one of yours; all of them unless told"},
	{name: "limit", kind: kindLimit, scope: scopePage, on: onMyBoxes, most: annuaire.MaxLimit, doc: "items on a page; 20 unless told"},
	{name: "after", kind: kindAfter, scope: scopePage, on: onMyBoxes, doc: "continue after this address: taken from next"},
	{name: "month", kind: kindMonth, scope: scopePage, on: onIndicators, doc: "month that is counted, 2026-11; the one under way unless told"},
	{name: "format", kind: kindOption, scope: scopePage, on: onIndicators, values: []string{formatJSON, formatCSV}, doc: "of the answer; json unless told"},
	{name: "rpps", kind: kindRPPS, scope: scopePage, on: onEligibility, doc: "of whom an operator asks; a professional asks about themselves"},
}
