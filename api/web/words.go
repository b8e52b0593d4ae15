package web

import (
	"strings"

	"annuaire"
)

// words is a text in both languages.
type words struct{ French, English string }

// purposes say what a box is for, by its kind (TRE_R257).
var purposes = map[annuaire.MailboxKind]words{
	annuaire.KindPER: {"boîte personnelle, lue par ce professionnel", "personal mailbox, read by this professional"},
	annuaire.KindCAB: {"boîte du cabinet, lue par ceux qui y exercent", "mailbox of the practice, read by those who work there"},
	annuaire.KindORG: {"boîte d'un service ou d'une équipe", "mailbox of a department or a team"},
	annuaire.KindAPP: {"boîte applicative : lue par un logiciel, pas par une personne", "application mailbox: read by software, not by a person"},
}

// authorities register professionals, and so correct what is said of them: those that the extracts name, in the first of three parts. The
// others are shown as they are written.
var authorities = map[string]words{
	"CNOM":  {"l'Ordre des médecins (CNOM)", "the order of doctors (CNOM)"},
	"CNOP":  {"l'Ordre des pharmaciens (CNOP)", "the order of pharmacists (CNOP)"},
	"ONCD":  {"l'Ordre des chirurgiens-dentistes (ONCD)", "the order of dentists (ONCD)"},
	"CNOSF": {"l'Ordre des sages-femmes (CNOSF)", "the order of midwives (CNOSF)"},
	"CNOMK": {"l'Ordre des masseurs-kinésithérapeutes (CNOMK)", "the order of physiotherapists (CNOMK)"},
	"CNOPP": {"l'Ordre des pédicures-podologues (CNOPP)", "the order of podiatrists (CNOPP)"},
	"ONI":   {"l'Ordre des infirmiers (ONI)", "the order of nurses (ONI)"},
	"ARS":   {"l'agence régionale de santé (ARS)", "the regional health agency (ARS)"},
	"SSA":   {"le Service de santé des armées (SSA)", "the defence health service (SSA)"},
}

// authority reads an autorité d'enregistrement: three parts separated by slashes, of which the first answers for the person.
func authority(s string) words {
	first, _, _ := strings.Cut(s, "/")
	if a, ok := authorities[first]; ok {
		return a
	}
	return words{first, first}
}

// fieldNames are the criteria in words, for the chips and the filters.
var fieldNames = map[string]words{
	"q": {"Recherche", "Search"}, "name": {"Nom et prénom", "Names"}, "family": {"Nom", "Family name"}, "given": {"Prénom", "Given name"}, "id": {"Identifiant", "Identifier"},
	"rpps": {"RPPS", "RPPS"}, "mailbox": {"Adresse MSSanté", "MSSanté address"}, "has_mailbox": {"Adresse MSSanté", "MSSanté address"},
	"profession": {"Profession", "Profession"}, "category": {"Catégorie", "Category"}, "specialty": {"Savoir-faire", "Specialty"},
	"mode": {"Mode d'exercice", "Mode of practice"}, "sector": {"Secteur d'activité", "Sector"}, "role": {"Fonction", "Role"}, "setting": {"Ville ou hôpital", "Town or hospital"},
	"structure": {"Établissement", "Structure"}, "structure_id": {"Établissement", "Structure"}, "finess": {"FINESS", "FINESS"}, "siret": {"SIRET", "SIRET"}, "siren": {"SIREN", "SIREN"},
	"street": {"Rue", "Street"}, "city": {"Commune", "Town"}, "postal_code": {"Code postal", "Postal code"}, "insee": {"Code commune", "Commune code"},
	"department": {"Département", "Département"}, "region": {"Région", "Region"}, "match": {"Orthographe", "Spelling"},
}

// fieldName is a criterion in words.
func fieldName(v View, name string) string {
	if w, ok := fieldNames[name]; ok {
		return v.T(w.French, w.English)
	}
	return name
}

// valueName is the value of a criterion in words: its label if it has one; yes and no are said.
func valueName(v View, c Criterion) string {
	switch {
	case c.Label != "":
		return c.Label
	case c.Name == "has_mailbox" && c.Value == "true":
		return v.T("publiée", "published")
	case c.Name == "has_mailbox":
		return v.T("aucune", "none")
	case c.Name == "setting" && c.Value == "hopital":
		return v.T("hôpital", "hospital")
	case c.Name == "match" && c.Value == "exact":
		return v.T("exacte", "exact")
	case c.Name == "match" && c.Value == "prefix":
		return v.T("début des mots", "beginnings of words")
	}
	return c.Value
}

// CriterionName is a criterion with its value, in words.
func CriterionName(v View, c Criterion) string { return fieldName(v, c.Name) + " : " + valueName(v, c) }
