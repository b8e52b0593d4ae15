package filter

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/internal/names"
)

// shown writes an expression as "(name has jean & city=mende)".
func shown(e annuaire.Expr) string {
	list := func(sign string) string {
		var out []string
		for _, a := range e.Args {
			out = append(out, shown(a))
		}
		return "(" + strings.Join(out, sign) + ")"
	}
	switch e.Op {
	case annuaire.OpTrue:
		return "all"
	case annuaire.OpFalse:
		return "none"
	case annuaire.OpAnd:
		return list(" & ")
	case annuaire.OpOr:
		return list(" | ")
	case annuaire.OpPresent:
		return string(e.Field) + "=*"
	}
	return string(e.Field) + map[annuaire.ExprOp]string{annuaire.OpEquals: "=", annuaire.OpPrefix: "^", annuaire.OpContains: "~"}[e.Op] + e.Value
}

func TestExpr(t *testing.T) {
	for _, tt := range []struct{ rule, filter, strict, lenient string }{
		{"an equality", "(sn=de la Tour)", "family=de la Tour", "family=de la Tour"},
		{"an initial substring is a prefix", "(sn=dup*)", "family^dup", "family^dup"},
		{"others are parts", "(l=*saint*étienne)", "(city~saint & city~étienne)", "(city~saint & city~étienne)"},
		{"several words of a name are words of the whole name", "(sn=*jean dupont*)", "family~jean dupont", "(name~jean & name~dupont)"},
		{"of which the first begins one", "(cn=jean*dup*)", "(name^jean & name~dup)", "(name^jean & name~dup)"},
		{"one word is one of its attribute", "(givenName=*jean*)", "given~jean", "given~jean"},
		{"Thunderbird, one word", "(|(cn=*d*)(mail=*d*)(givenName=*d*)(sn=*d*))", "(name~d | mailbox~d | given~d | family~d)", "(name~d | mailbox~d | given~d | family~d)"},
		{"Thunderbird, two words", "(|(cn=*j*d*)(mail=*j d*)(givenName=*j*)(sn=*j d*))", "((name~j & name~d) | mailbox~j d | given~j | family~j d)", "((name~j & name~d) | mailbox~j d | given~j)"},
		{"Outlook: presence of a mail address is nothing to look for", "(&(mail=*)(|(mail=n*)(cn=n*)(displayName=n*)))", "(mailbox^n | name^n)", "(mailbox^n | name^n)"},
		{"Roundcube: the object class is nothing to look for", "(&(objectClass=inetOrgPerson)(cn=*a*))", "name~a", "name~a"},
		{"another class is nobody", "(objectClass=zimbraAccount)", "none", "none"},
		{"a class of other entries is nobody", "(objectClass=organization)", "none", "none"},
		{"a type that is not known is nobody", "(mailNickname=*x*)", "none", "none"},
		{"a type that nobody has a value of is nobody", "(mozillaNickname=*x*)", "none", "none"},
		{"negation of nobody is everybody", "(!(mobile=*))", "all", "all"},
		{"negation of what is Undefined is nobody", "(!(mailNickname=x))", "none", "none"},
		{"of a negation nothing is known", "(!(sn=dupont))", "all", "all"},
		{"a negation leaves the rest", "(&(sn=dupont)(!(l=lyon)))", "family=dupont", "family=dupont"},
		{"of an order nothing is known", "(&(sn=dupont)(codeSpecialite>=SM))", "family=dupont", "family=dupont"},
		{"presence, where it is not of all", "(telephoneNumber=*)", "phone=*", "phone=*"},
		{"presence of what every entry has", "(&(cn=*)(sn=*)(entryUUID=*)(name=*))", "all", "all"},
		{"every entry has a name to show", "(displayName=*)", "all", "all"},
		{"one presence of two types", "(|(title=*)(specialite=*))", "title=*", "title=*"},
		{"signs alone are nothing to look for", "(o=*-*)", "all", "all"},
		{"signs of an address are left to the index", "(mail=*-*)", "mailbox~-", "mailbox~-"},
		{"spaces at the ends go", "(o=* cabinet *)", "structure~cabinet", "structure~cabinet"},
		{"a joiner, which folding takes for a space, is nothing to look for", "(sn=du\u200dpont)", "all", "all"},
		{"an assertion about a supertype is one about each type below it", "(name=*cabi*)", "(name~cabi | family~cabi | given~cabi | title~cabi | city~cabi | region~cabi | structure~cabi)",
			"(name~cabi | family~cabi | given~cabi | title~cabi | city~cabi | region~cabi | structure~cabi)"},
		{"two letters may be a country", "(name=*fr*)", "all", "all"},
		{"three are none", "(c=fra)", "none", "none"},
		{"codes", "(&(profession=10)(codeSpecialite=SM*)(departement=2A))", "(profession=10 & specialty^SM & department=2A)", "(profession=10 & specialty^SM & department=2A)"},
		{"identifiers", "(|(IdNatPP=8)(IdentifiantPP=9)(IdentifiantPM=1))", "(id=8 | id=9 | structure_id=1)", "(id=8 | id=9 | structure_id=1)"},
		{"mailboxes have no uid", "(uid=8)", "none", "none"},
		{"a rule by name", "(sn:caseExactMatch:=DUPONT)", "family=DUPONT", "family=DUPONT"},
		{"a rule alone", "(:caseExactMatch:=DUPONT)", "all", "all"},
		{"the DN", "(sn:dn:=DUPONT)", "all", "all"},
		{"approximate words", "(cn~=jean dupont)", "name=jean dupont", "(name=jean & name=dupont)"},
		{"or of all is all", "(|(sn=a)(!(sn=b)))", "all", "all"},
		{"and with nobody is nobody", "(&(sn=a)(pager=1))", "none", "none"},
		{"nested and repeated", "(&(sn=a)(&(l=b)(sn=a)))", "(family=a & city=b)", "(family=a & city=b)"},
		{"not of and of Undefined and something may be anyone", "(!(&(x=y)(sn=a)))", "all", "all"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			f := parsed(t, tt.filter)
			got := []string{shown(f.Expr(annuaire.BookMailboxes, Options{Strict: true})), shown(f.Expr(annuaire.BookMailboxes, Options{}))}
			if d := cmp.Diff([]string{tt.strict, tt.lenient}, got); d != "" {
				t.Error(d)
			}
		})
	}
	for _, tt := range []struct {
		rule   string
		book   annuaire.Book
		filter string
		want   string
	}{
		{"people have a uid", annuaire.BookPeople, "(uid=8)", "id=8"},
		{"every person has one", annuaire.BookPeople, "(uid=*)", "all"},
		{"not every person has a mailbox", annuaire.BookPeople, "(mail=*)", "mailbox=*"},
		{"people have no description, so quick search is no scan", annuaire.BookPeople, "(|(cn=*w*)(&(description=*w*))(ou=*w*))", "name~w"},
		{"structures have no names of people", annuaire.BookStructures, "(|(cn=*w*)(o=*w*))", "structure~w"},
		{"structures by any number", annuaire.BookStructures, "(|(uid=R1)(finess=4)(siret=1)(siren=2))", "(structure_id=R1 | structure_id=4 | structure_id=1 | structure_id=2)"},
		{"structures of their class", annuaire.BookStructures, "(objectClass=rppsStructure)", "all"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := shown(parsed(t, tt.filter).Expr(tt.book, Options{})); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// holds evaluates an expression on the card of an entry, from the attributes of each field, as generously as its operations allow and no more: words by
// words, folded.
func holds(e annuaire.Expr, s *subject) bool {
	switch e.Op {
	case annuaire.OpTrue:
		return true
	case annuaire.OpFalse:
		return false
	case annuaire.OpAnd:
		for _, a := range e.Args {
			if !holds(a, s) {
				return false
			}
		}
		return true
	case annuaire.OpOr:
		for _, a := range e.Args {
			if holds(a, s) {
				return true
			}
		}
		return false
	}
	var all [][]byte
	for a := card.Attr(1); a <= card.LastAttr; a++ {
		if f := fieldOf(s.card.Book(), a); f == e.Field && f != "" || e.Field == annuaire.FieldName && nameAttrs[a] {
			for v := range s.card.Values(a) {
				all = append(all, v)
			}
		}
	}
	if e.Op == annuaire.OpPresent {
		return len(all) > 0
	}
	fold := names.Fold
	if e.Field == annuaire.FieldPhone {
		fold = func(v string) string {
			return strings.Map(func(r rune) rune {
				if r < '0' || r > '9' {
					return -1
				}
				return r
			}, v)
		}
	}
	var words [][]byte
	for _, v := range all {
		words = append(words, bytes.Fields([]byte(fold(string(v))))...)
	}
	for w := range strings.FieldsSeq(fold(e.Value)) {
		found := false
		for _, have := range words {
			switch e.Op {
			case annuaire.OpEquals:
				found = found || string(have) == w
			case annuaire.OpPrefix:
				found = found || strings.HasPrefix(string(have), w)
			case annuaire.OpContains:
				found = found || strings.Contains(string(have), w)
			default:
				panic(e.Op)
			}
		}
		if !found {
			return false
		}
	}
	return true
}
