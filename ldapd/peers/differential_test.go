package peers

import (
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"

	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
	"annuaire/ldapd/schema"
)

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func escapedDN(v string) string { return ldap.EscapeDN(v) }

// syllables make names that share parts, with what is hard to compare: accents, hyphens, apostrophes, runs of spaces, particles.
var syllables = []string{"du", "pont", "mar", "tin", "jean", "zé", "lie", "Fran", "çois", "œil", "De", "la", "tour", "É"}

var joints = []string{"", "", "", "", "-", " ", "  ", "'"}

func phrase(t *rapid.T, label string) string {
	var b strings.Builder
	n := rapid.IntRange(1, 4).Draw(t, label)
	for i := range n {
		b.WriteString(rapid.SampledFrom(syllables).Draw(t, label))
		if i < n-1 {
			b.WriteString(rapid.SampledFrom(joints).Draw(t, label))
		}
	}
	return b.String()
}

// boxes draws the same mailboxes each time.
func boxes(n int) []card.Card {
	one := rapid.Custom(func(t *rapid.T) func(i int) card.Card {
		family, given := phrase(t, "family"), phrase(t, "given")
		type value struct {
			attr  card.Attr
			value string
		}
		var more []value
		for _, a := range []card.Attr{card.O, card.L, card.Title, card.Description, card.Street, card.OU, card.Specialite} {
			for range rapid.IntRange(0, 2).Draw(t, "how many") {
				more = append(more, value{a, phrase(t, "value")})
			}
		}
		for _, a := range []card.Attr{card.CodeSpecialite, card.Profession, card.IdNatPP, card.PostalCode} {
			if rapid.Bool().Draw(t, "there") {
				more = append(more, value{a, rapid.SampledFrom([]string{"10", "21", "SM42", "SM04", "8100", "48000"}).Draw(t, "code")})
			}
		}
		if rapid.Bool().Draw(t, "phone") {
			more = append(more, value{card.TelephoneNumber, rapid.SampledFrom([]string{"+33466000000", "+33 4 66-00 00 01", "0466000002"}).Draw(t, "number")})
		}
		if rapid.Bool().Draw(t, "address") {
			more = append(more, value{card.PostalAddress, phrase(t, "line") + "$" + phrase(t, "line") + `\24`})
		}
		return func(i int) card.Card {
			mail := fmt.Sprintf("%s.%d@chu.mssante.fr", rapid.SampledFrom([]string{"jean", "dupont", "zelie"}).Example(i), i)
			b := card.New("mailboxes", mail)
			add := func(a card.Attr, v string) { // slapd takes no value twice
				typ := schema.Of(a)
				for have := range b.Card().Values(a) {
					if string(normal(typ, string(have))) == string(normal(typ, v)) {
						return
					}
				}
				b.Add(a, v)
			}
			add(card.Mail, mail)
			add(card.C, "FR")
			add(card.CN, given+" "+family)
			add(card.CN, family+" "+given)
			add(card.SN, family)
			add(card.GivenName, given)
			add(card.DisplayName, given+" "+family)
			add(card.TypeBAL, "PER")
			for _, m := range more {
				add(m.attr, m.value)
			}
			return b.Card()
		}
	})
	out := make([]card.Card, n)
	for i := range out {
		out[i] = one.Example(i)(i)
	}
	return out
}

func normal(t *schema.AttributeType, v string) []byte {
	out, _ := t.Equality.Append(nil, []byte(v), 0)
	return out
}

// texts are attributes that are compared as strings, with those above them and one that nobody has.
var texts = []string{"cn", "sn", "givenName", "name", "o", "ou", "l", "title", "displayName", "description", "street", "specialite", "mozillaNickname", "2.5.4.4", "surname"}

// fragmentOf draws what may be found: part of a phrase, in another case. Spaces at the ends of parts are left out, where OpenLDAP is of another
// opinion than RFC 4518 (it forgets that a value ends with a space).
func fragmentOf(t *rapid.T) string {
	s := []rune(phrase(t, "of"))
	i := rapid.IntRange(0, len(s)-1).Draw(t, "from")
	j := rapid.IntRange(i+1, len(s)).Draw(t, "to")
	out := strings.TrimSpace(string(s[i:j]))
	if out == "" {
		out = "a"
	}
	if rapid.Bool().Draw(t, "upper") {
		out = strings.ToUpper(out)
	}
	return out
}

// aFilter draws a filter as RFC 4515 writes it.
func aFilter(t *rapid.T, depth int, negations bool) string {
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "inner") > 0 {
		ops := []string{"&", "|"}
		if negations {
			ops = append(ops, "!")
		}
		op := rapid.SampledFrom(ops).Draw(t, "op")
		n := 1
		if op != "!" {
			n = rapid.IntRange(0, 3).Draw(t, "n")
		}
		var b strings.Builder
		for range n {
			b.WriteString(aFilter(t, depth-1, negations))
		}
		return "(" + op + b.String() + ")"
	}
	attr := rapid.SampledFrom(texts).Draw(t, "attr")
	esc := func(s string) string { return ldap.EscapeFilter(s) }
	switch rapid.IntRange(0, 13).Draw(t, "kind") {
	case 0, 1:
		return "(" + attr + "=" + esc(phrase(t, "value")) + ")"
	case 2:
		return "(" + attr + "=" + esc(fragmentOf(t)) + "*)"
	case 3:
		return "(" + attr + "=*" + esc(fragmentOf(t)) + ")"
	case 4, 5:
		return "(" + attr + "=*" + esc(fragmentOf(t)) + "*)"
	case 6:
		return "(" + attr + "=" + esc(fragmentOf(t)) + "*" + esc(fragmentOf(t)) + "*" + esc(fragmentOf(t)) + ")"
	case 7:
		return "(" + rapid.SampledFrom(append(texts, "pager", "telephoneNumber", "postalAddress", "objectClass", "mail", "nobody", "jpegPhoto", "cn;lang-fr", "codeSpecialite")).Draw(t, "present") + "=*)"
	case 8:
		return "(" + rapid.SampledFrom([]string{"codeSpecialite", "IdNatPP", "profession", "cn", "postalCode"}).Draw(t, "ordered") + rapid.SampledFrom([]string{">=", "<="}).Draw(t, "order") +
			rapid.SampledFrom([]string{"10", "SM1", "sm42", "9", "A"}).Draw(t, "bound") + ")"
	case 9:
		return "(" + rapid.SampledFrom([]string{"telephoneNumber=+33 466000000", "telephoneNumber=*4 66-0*", "telephoneNumber~=0466000002", "telephoneNumber=+33*", "mail=jean*", "mail=*CHU*",
			"mail=jean.1@chu.mssante.fr", "rfc822Mailbox=*.fr", "postalCode=48 *", "c=fr", "c=F*", "TypeBAL=per", "facsimileTelephoneNumber=1", "mailNickname=x", "cn=", "cn;lang-fr=jean",
			"mail=*é*", "telephoneNumber=*é*", "mozillaWorkUrl=*x*", "uid=1"}).Draw(t, "other") + ")"
	case 10:
		return "(objectClass=" + rapid.SampledFrom([]string{"person", "INETORGPERSON", "2.5.6.6", "mssanteBAL", "organization", "domain", "top", "MyBarnIsBiggerThanYourBarn"}).Draw(t, "class") + ")"
	case 11:
		return "(" + attr + ":" + rapid.SampledFrom([]string{"caseExactMatch", "2.5.13.5", "caseIgnoreMatch", "integerMatch", "1.2.3.4", "nobodysMatch"}).Draw(t, "rule") + ":=" + esc(phrase(t, "value")) + ")"
	case 12:
		return "(" + rapid.SampledFrom([]string{"dc:dn:=mssante", "dc:dn:=nobody", "mail:dn:=jean.1@chu.mssante.fr", ":caseIgnoreIA5Match:=jean.1@chu.mssante.fr", ":caseExactMatch:=jean",
			":dn:caseIgnoreIA5Match:=mssante", "ou:dn:=people", "entryDN=mail=JEAN.0@chu.mssante.fr,DC=mssante,dc=fr", "sn:=du"}).Draw(t, "extensible") + ")"
	}
	return "(postalAddress=" + rapid.SampledFrom([]string{"*" + esc(fragmentOf(t)) + "*", esc(fragmentOf(t)) + "*", esc(phrase(t, "1") + "$" + phrase(t, "2") + `\24`)}).Draw(t, "address") + ")"
}

// found returns the identifiers of the mailboxes that match, or what the server says of the filter.
func found(c *ldap.Conn, filter string) ([]string, error) {
	r, err := c.Search(ldap.NewSearchRequest(base, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, filter, []string{"1.1"}, nil))
	if err != nil {
		return nil, err
	}
	out := make([]string, len(r.Entries))
	for i, e := range r.Entries {
		dn, err := ldap.ParseDN(e.DN)
		if err != nil {
			return nil, err
		}
		out[i] = strings.ToLower(dn.RDNs[0].Attributes[0].Value)
	}
	slices.Sort(out)
	return out, nil
}

// rounds of a hundred filters; ANNUAIRE_SOAK asks for more.
func rounds(n int) int {
	if soak, err := strconv.Atoi(os.Getenv("ANNUAIRE_SOAK")); err == nil {
		return n * max(soak/10, 1)
	}
	return n
}

func TestSameAnswersAsSlapd(t *testing.T) {
	cards := boxes(300)
	slapd := dial(t, startSlapd(t, cards))
	limits := ldapd.Limits{Entries: 1_000_000, Candidates: 1_000_000_000}
	strict := dial(t, ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(cards...), Strict: true, Limits: limits}))
	asked, hits := 0, 0
	t.Run("strictly, any filter finds the same", func(t *testing.T) {
		for range rounds(20) {
			rapid.Check(t, func(t *rapid.T) {
				f := aFilter(t, 5, true)
				want, err := found(slapd, f)
				got, ours := found(strict, f)
				if err != nil || ours != nil {
					t.Fatalf("%s: slapd %v, ours %v", f, err, ours)
				}
				if !slices.Equal(want, got) {
					t.Fatalf("%s: %d by slapd, %d by us: %.200q, %.200q", f, len(want), len(got), want, got)
				}
				if asked++; len(want) > 0 && len(want) < len(cards) {
					hits++
				}
			})
		}
		t.Logf("%d filters, %d of which find some and not all", asked, hits)
		if hits < asked/10 {
			t.Error("too few filters tell entries apart")
		}
	})
	t.Run("with leniencies, filters without negation find at least as much", func(t *testing.T) {
		lenient := dial(t, ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(cards...), Limits: limits}))
		more := 0
		for range rounds(4) {
			rapid.Check(t, func(t *rapid.T) {
				f := aFilter(t, 3, false)
				want, err := found(slapd, f)
				got, ours := found(lenient, f)
				if err != nil || ours != nil {
					t.Fatalf("%s: slapd %v, ours %v", f, err, ours)
				}
				for _, id := range want {
					if _, ok := slices.BinarySearch(got, id); !ok {
						t.Fatalf("%s: %s is missing", f, id)
					}
				}
				if len(got) > len(want) {
					more++
				}
			})
		}
		if more == 0 {
			t.Error("no leniency ever found anything")
		}
	})
}

// Where OpenLDAP and the RFCs are of two minds, we are of the RFCs': random filters leave these out.
func TestWhereSlapdDiffers(t *testing.T) {
	cards := []card.Card{ldaptest.Mailbox("Jean", "DUPONT")}
	slapd := dial(t, startSlapd(t, cards))
	ours := dial(t, ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(cards...), Strict: true}))
	for _, tt := range []struct {
		rule, filter   string
		theirs, weFind int
	}{
		{"a value ends with a space (RFC 4518, 2.6.1)", "(sn=*dupont *)", 0, 1},
		{"an OID that names no class is false, and its negation true (RFC 4517, 4.2.26)", "(!(objectClass=1.2.3.4))", 0, 1},
		{"approximate is equality (RFC 4511, 4.5.1.7.6): slapd listens", "(sn~=dupond)", 1, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a, err := found(slapd, tt.filter)
			b, err2 := found(ours, tt.filter)
			if err != nil || err2 != nil || len(a) != tt.theirs || len(b) != tt.weFind {
				t.Errorf("%s: slapd %v %v, ours %v %v", tt.filter, a, err, b, err2)
			}
		})
	}
}
