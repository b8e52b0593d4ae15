package registry

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"annuaire"
)

// Lengths in characters (MOS, class BoiteLettreMSS).
const (
	maxDescription = 75
	maxService     = 90
	maxResponsible = 45
	maxName        = 100
	maxTerms       = 32
)

// fields checks what a box says for itself, whatever the directory holds, and puts it in its one writing.
func fields(b *annuaire.Registered) error {
	switch b.Kind {
	case annuaire.KindPER, annuaire.KindORG, annuaire.KindCAB, annuaire.KindAPP:
	default:
		return broken("kind_unknown", "kind", "un type de BAL est attendu : PER, ORG, CAB ou APP", "a kind of mailbox is expected: PER, ORG, CAB or APP")
	}
	for _, t := range []struct {
		op    string
		value *string
		max   int
	}{{"family", &b.Family, maxName}, {"given", &b.Given, maxName}, {"description", &b.Description, maxDescription}, {"service", &b.Service, maxService},
		{"responsible", &b.Responsible, maxResponsible}, {"terms", &b.Terms, maxTerms}} {
		if err := text(t.op, t.value, t.max); err != nil {
			return err
		}
	}
	for _, check := range []func(*annuaire.Registered) error{kindFields, holderField, structureField, phones} {
		if err := check(b); err != nil {
			return err
		}
	}
	if b.Rank < 0 || b.Rank > annuaire.MaxRank {
		return broken("rank_invalid", "rank", "un rang de 1 (préférée) à %d est attendu, ou aucun", "a rank from 1 (preferred) to %d is expected, or none", annuaire.MaxRank)
	}
	if b.Terms == "" {
		return broken("terms_missing", "terms", "la version des conditions générales acceptée par le titulaire est nécessaire", "the version of the terms that the holder accepted is needed")
	}
	return nil
}

// kindFields: which kinds have which fields (MOS).
func kindFields(b *annuaire.Registered) error {
	per := b.Kind == annuaire.KindPER
	switch {
	case per && b.Description != "":
		return broken("description_not_for_per", "description", "une BAL personnelle n'a pas de description", "a personal mailbox has no description")
	case b.Service != "" && b.Kind != annuaire.KindORG && b.Kind != annuaire.KindAPP:
		return broken("service_not_for_kind", "service", "seules les BAL ORG et APP ont un service de rattachement", "only ORG and APP mailboxes have a service")
	case per && b.Responsible != "":
		return broken("responsible_not_for_per", "responsible", "une BAL personnelle n'a pas de responsable : c'est son titulaire", "a personal mailbox has no person responsible: that is its holder")
	case !per && b.Delegable != nil:
		return broken("delegable_only_per", "delegable", "seule une BAL personnelle peut être déléguée", "only a personal mailbox can be delegated")
	}
	return nil
}

func holderField(b *annuaire.Registered) error {
	if b.Kind == annuaire.KindORG || b.Kind == annuaire.KindAPP {
		if b.Holder != "" || b.Family != "" || b.Given != "" {
			return broken("holder_not_allowed", "holder", "une BAL ORG ou APP n'a pas de titulaire, mais une structure", "an ORG or APP mailbox has no holder, but a structure")
		}
		return nil
	}
	if b.Holder == "" {
		return broken("holder_required", "holder", "l'identifiant national du titulaire (8 + RPPS) est nécessaire", "the national identifier of the holder (8 + RPPS) is needed")
	}
	id, ok := annuaire.NationalID(b.Holder)
	if !ok || annuaire.RPPSOf(id) == "" && id[0] != '0' {
		return broken("holder_invalid", "holder", "un RPPS (11 chiffres) ou un identifiant national (8 + RPPS) est attendu", "an RPPS (11 digits) or a national identifier (8 + RPPS) is expected")
	}
	b.Holder = id
	return nil
}

// numbers are what identifiers of structures look like. Check digits are not looked at.
var numbers = map[string]*regexp.Regexp{"FINESS": regexp.MustCompile(`^[0-9][0-9AB][0-9]{7}$`), "SIRET": regexp.MustCompile(`^[0-9]{14}$`),
	"SIREN": regexp.MustCompile(`^[0-9]{9}$`), "RPPS-rang": regexp.MustCompile(`^[0-9]{12,14}$`)}

func structureField(b *annuaire.Registered) error {
	if b.Structure == nil {
		if b.Kind == annuaire.KindPER {
			return nil
		}
		return broken("structure_required", "structure", "la structure est nécessaire : FINESS, SIRET, SIREN ou RPPS-rang", "the structure is needed: FINESS, SIRET, SIREN or RPPS-rang")
	}
	s := *b.Structure
	s.ID = strings.ToUpper(strings.ReplaceAll(s.ID, " ", ""))
	if len(s.ID) == 10 && s.Type == "FINESS" && s.ID[0] == 'F' {
		s.ID = s.ID[1:]
	}
	if re := numbers[s.Type]; re == nil || !re.MatchString(s.ID) {
		return broken("structure_invalid", "structure", "un type (FINESS, SIRET, SIREN, RPPS-rang) et un numéro de ce type sont attendus",
			"a type (FINESS, SIRET, SIREN, RPPS-rang) and a number of that type are expected")
	}
	b.Structure = &s
	return nil
}

func phones(b *annuaire.Registered) (err error) {
	if b.Phone, err = phone("phone_invalid", "phone", b.Phone); err != nil {
		return err
	}
	b.OTPMobile, err = phone("mobile_invalid", "otp_mobile", b.OTPMobile)
	return err
}

// international reports whether s is a number in E.164: Saint Helena has seven digits.
func international(s string) bool {
	digits, ok := strings.CutPrefix(s, "+")
	return ok && len(digits) >= 7 && len(digits) <= 15 && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// phone writes a number in E.164; a French one may be given with its ten digits.
func phone(rule, op, s string) (string, error) {
	if s == "" {
		return "", nil
	}
	n := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-()\u00a0\u202f", r) {
			return -1
		}
		return r
	}, s)
	if len(n) == 10 && n[0] == '0' && n[1] != '0' {
		n = "+33" + n[1:]
	}
	if !international(n) {
		return "", broken(rule, op, "un numéro de téléphone est attendu, de préférence au format +33466000000", "a telephone number is expected, as +33466000000")
	}
	return n, nil
}

// text trims a text and refuses what is too long or holds something that is not shown.
func text(op string, s *string, limit int) error {
	t := norm.NFC.String(strings.TrimSpace(*s))
	if utf8.RuneCountInString(t) > limit {
		return broken("too_long", op, "%d caractères au plus", "%d characters at most", limit)
	}
	if !utf8.ValidString(t) || strings.ContainsFunc(t, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return broken("text_invalid", op, "un texte sur une ligne est attendu, sans caractère de commande", "one line of text is expected, without control characters")
	}
	*s = t
	return nil
}
