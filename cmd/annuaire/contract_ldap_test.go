package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// allBoxes are the mailboxes that are published by then.
var allBoxes = strings.Join([]string{realBox, "ambroise@y.formation.mssante.fr", "a@w.formation.mssante.fr", anaisBox, anaisNext, appBox, cabBox, orgBox, zelieBox, zelieNew, "accueil@y.formation.mssante.fr", "tel@y.formation.mssante.fr", "oppose@y.formation.mssante.fr"}, " ")

// entry reads one entry.
func entry(t *testing.T, l *ldap.Conn, dn string) *ldap.Entry {
	t.Helper()
	res, err := l.Search(ldap.NewSearchRequest(dn, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"*"}, nil))
	if err != nil || len(res.Entries) != 1 || res.Entries[0].DN != dn {
		t.Fatal(dn, err)
	}
	return res.Entries[0]
}

// addressBook holds LDAP against DESIGN 9.
func (c *contract) addressBook(t *testing.T) {
	l := c.dial(t, "ldap", nil)
	search := func(base string, scope, size int, filter string) ([]string, error) {
		res, err := l.Search(ldap.NewSearchRequest(base, scope, 0, size, 0, false, filter, []string{"1.1"}, nil))
		var out []string
		for _, e := range res.Entries {
			out = append(out, e.DN)
		}
		slices.Sort(out)
		return out, err
	}
	for _, tt := range ldapAttributes {
		t.Run(tt.attr+" of "+tt.of, func(t *testing.T) {
			if got := strings.Join(entry(t, l, "mail="+tt.of+","+boxBase).GetAttributeValues(tt.attr), "|"); got != tt.values {
				t.Errorf("%q, want %q", got, tt.values)
			}
		})
		if tt.values != "" && tt.attr != "postalAddress" { // compared whole, and not of any case
			t.Run(tt.attr+" finds "+tt.of, func(t *testing.T) {
				value, _, _ := strings.Cut(tt.values, "|")
				if got, err := search(boxBase, ldap.ScopeWholeSubtree, 0, "("+tt.attr+"="+ldap.EscapeFilter(value)+")"); err != nil || !slices.Contains(got, "mail="+tt.of+","+boxBase) {
					t.Error(got, err)
				}
			})
		}
	}
	for _, tt := range ldapEntries {
		t.Run(tt.attr+" of "+tt.dn, func(t *testing.T) {
			if got := strings.Join(entry(t, l, tt.dn).GetAttributeValues(tt.attr), "|"); got != tt.values {
				t.Errorf("%q, want %q", got, tt.values)
			}
		})
	}
	for _, tt := range []struct {
		line, base string
		scope      int
		entries    string
	}{
		{"two naming contexts", "", ldap.ScopeBaseObject, ""},
		{"flat: one entry per published mailbox", boxBase, ldap.ScopeSingleLevel, allBoxes},
		{"an empty base with subtree scope means the first context", "", ldap.ScopeWholeSubtree, allBoxes},
		{"ou=professionnels: one entry per person", personBase, ldap.ScopeSingleLevel, strings.Join([]string{zelie, ambroise, noe, anais, paul}, " ")},
		{"ou=structures", structureBase, ldap.ScopeSingleLevel, "F480000017 F690000021 R10000000000001 R10000000000002"},
	} {
		t.Run(tt.line, func(t *testing.T) {
			filter := "(|(mail=*)(uid=*))"
			got, err := search(tt.base, tt.scope, 0, filter)
			var names []string
			for _, dn := range got {
				name, _, _ := strings.Cut(dn, ",")
				_, name, _ = strings.Cut(name, "=")
				names = append(names, name)
			}
			if err != nil || sorted(strings.Join(names, " ")) != sorted(tt.entries) {
				t.Error(names, err)
			}
		})
	}
	t.Run("two naming contexts: the root says which", func(t *testing.T) {
		res, err := l.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{"namingContexts"}, nil))
		if err != nil || strings.Join(res.Entries[0].GetAttributeValues("namingContexts"), "|") != boxBase+"|o=rpps,c=fr" {
			t.Error(res, err)
		}
	})
	t.Run("our own attributes (OIDs under 2.25)", func(t *testing.T) {
		res, err := l.Search(ldap.NewSearchRequest("cn=subschema", ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=subschema)", []string{"attributeTypes", "objectClasses"}, nil))
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(append(res.Entries[0].GetAttributeValues("attributeTypes"), res.Entries[0].GetAttributeValues("objectClasses")...), "\n")
		for _, name := range []string{"TypeBAL", "TypeIdentifiantPP", "IdentifiantPP", "IdNatPP", "TypeIdentifiantPM", "IdentifiantPM", "profession", "codeProfession", "specialite", "codeSpecialite", "departement", "mssanteBAL"} {
			if at := strings.Index(all, "NAME '"+name+"'"); at < 0 || !strings.Contains(all[max(0, at-60):at], "2.25.") {
				t.Error(name)
			}
		}
	})
	t.Run("auxiliary mssanteBAL, which allows c, mozillaSecondEmail and our own attributes", func(t *testing.T) {
		res, err := l.Search(ldap.NewSearchRequest("cn=subschema", ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=subschema)", []string{"objectClasses"}, nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, class := range res.Entries[0].GetAttributeValues("objectClasses") {
			if strings.Contains(class, "'mssanteBAL'") && (!strings.Contains(class, "AUXILIARY") || !regexp.MustCompile(`\( c \$|\$ c \$|\$ c \)`).MatchString(class) || !strings.Contains(class, "mozillaSecondEmail") || !strings.Contains(class, "IdNatPP")) {
				t.Error(class)
			}
		}
	})
	dn := "mail=" + zelieBox + "," + boxBase
	for line, write := range map[string]func() error{
		"read-only: add": func() error {
			return l.Add(&ldap.AddRequest{DN: "mail=x@y," + boxBase, Attributes: []ldap.Attribute{{Type: "sn", Vals: []string{"x"}}}})
		},
		"read-only: delete": func() error { return l.Del(ldap.NewDelRequest(dn, nil)) },
		"read-only: modify": func() error {
			m := ldap.NewModifyRequest(dn, nil)
			m.Replace("sn", []string{"x"})
			return l.Modify(m)
		},
		"read-only: rename": func() error { return l.ModifyDN(ldap.NewModifyDNRequest(dn, "mail=x@y", true, "")) },
	} {
		t.Run(line, func(t *testing.T) {
			if err := write(); !ldap.IsErrorWithCode(err, ldap.LDAPResultUnwillingToPerform) {
				t.Error(err)
			}
		})
	}
	t.Run("partial results come with sizeLimitExceeded", func(t *testing.T) {
		if got, err := search(boxBase, ldap.ScopeWholeSubtree, 2, "(mail=*)"); !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) || len(got) != 2 {
			t.Error(got, err)
		}
	})
}
