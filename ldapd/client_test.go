package ldapd_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"go.uber.org/goleak"

	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

func TestMain(m *testing.M) {
	if addr := os.Getenv(idleEnv); addr != "" {
		os.Exit(idleClient(addr))
	}
	goleak.VerifyTestMain(m)
}

const base = "dc=mssante,dc=fr"

// dial connects the independent client.
func dial(t testing.TB, addr string) *ldap.Conn {
	t.Helper()
	c, err := ldap.DialURL("ldap://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// few is a connection to a server of a few entries.
func few(t testing.TB, change ...func(*ldapd.Options)) *ldap.Conn {
	t.Helper()
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...), Version: "test"}
	for _, f := range change {
		f(&o)
	}
	return dial(t, ldaptest.Start(t, o))
}

// ask is a search from a base with a scope.
func ask(base string, scope int, filter string, attrs ...string) *ldap.SearchRequest {
	return ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, 0, 0, false, filter, attrs, nil)
}

// dns are the DNs of an answer.
func dns(r *ldap.SearchResult) (out []string) {
	for _, e := range r.Entries {
		out = append(out, e.DN)
	}
	return out
}

// code is the result code of an error, 0 without one.
func code(err error) uint16 {
	var e *ldap.Error
	if errors.As(err, &e) {
		return e.ResultCode
	}
	if err != nil {
		return 65535
	}
	return 0
}

func mailbox(local string) string { return "mail=" + local + "@medecin.formation.mssante.fr," + base }

func TestSearchScopes(t *testing.T) {
	c := few(t)
	var (
		boxes = []string{"mail=accueil@clinique.formation.mssante.fr," + base, mailbox("anne.dupontel"), mailbox("jean.dupont"), mailbox("paul.o'brien"), mailbox("zélie.martin")}
		rpps  = "o=rpps,c=fr"
		pros  = "ou=professionnels,o=rpps,c=fr"
		sites = "ou=structures,o=rpps,c=fr"
		jean  = "uid=899012345679," + pros
		zelie = "uid=899012345687," + pros
		lilas = "uid=R10000000000001," + sites
	)
	for _, tt := range []struct {
		rule  string
		base  string
		scope int
		want  []string
	}{
		{"the base of mailboxes itself", base, ldap.ScopeBaseObject, []string{base}},
		{"one level: the mailboxes", base, ldap.ScopeSingleLevel, boxes},
		{"the whole: the base and the mailboxes", base, ldap.ScopeWholeSubtree, append([]string{base}, boxes...)},
		{"children: all but the base", base, ldap.ScopeChildren, boxes},
		{"a base in other case, with spaces", "DC=MSSante, dc=FR", ldap.ScopeSingleLevel, boxes},
		{"an empty base means the first context", "", ldap.ScopeWholeSubtree, append([]string{base}, boxes...)},
		{"an empty base, one level, too", "", ldap.ScopeSingleLevel, boxes},
		{"a mailbox by its name", mailbox("jean.dupont"), ldap.ScopeBaseObject, boxes[2:3]},
		{"a mailbox by its name in other case", "MAIL=Jean.Dupont@medecin.formation.mssante.fr,DC=mssante,DC=fr", ldap.ScopeWholeSubtree, boxes[2:3]},
		{"nothing is under a mailbox", mailbox("jean.dupont"), ldap.ScopeSingleLevel, nil},
		{"the second context", rpps, ldap.ScopeBaseObject, []string{rpps}},
		{"its one level: the units", rpps, ldap.ScopeSingleLevel, []string{pros, sites}},
		{"its whole", rpps, ldap.ScopeWholeSubtree, []string{rpps, pros, jean, zelie, sites, lilas}},
		{"its children", rpps, ldap.ScopeChildren, []string{pros, jean, zelie, sites, lilas}},
		{"the people", pros, ldap.ScopeSingleLevel, []string{jean, zelie}},
		{"the people and their unit", pros, ldap.ScopeWholeSubtree, []string{pros, jean, zelie}},
		{"a person by an alias of uid", "userid=899012345679," + pros, ldap.ScopeBaseObject, []string{jean}},
		{"a structure, whose identifier is upper case", "uid=r10000000000001," + sites, ldap.ScopeBaseObject, []string{lilas}},
		{"the schema", "cn=Subschema", ldap.ScopeBaseObject, []string{"cn=subschema"}},
		{"nothing is under the schema", "cn=subschema", ldap.ScopeSingleLevel, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			r, err := c.Search(ask(tt.base, tt.scope, "(objectClass=*)", "1.1"))
			if err != nil {
				t.Fatal(err)
			}
			if got := dns(r); !slices.Equal(got, tt.want) {
				t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			for _, e := range r.Entries {
				if len(e.Attributes) != 0 {
					t.Errorf("1.1 gave %v", e.Attributes)
				}
			}
		})
	}
}

func TestNoSuchObject(t *testing.T) {
	c := few(t)
	for dn, matched := range map[string]string{
		"mail=nobody@x," + base:          base,
		"cn=x," + mailbox("jean.dupont"): mailbox("jean.dupont"),
		"cn=x,cn=y," + base:              base,
		"cn=jean," + base:                base,
		"mail=jean.dupont@medecin.formation.mssante.fr+cn=x," + base: base,
		"dc=fr":                               "",
		"dc=example,dc=com":                   "",
		"uid=1,ou=professionnels,o=rpps,c=fr": "ou=professionnels,o=rpps,c=fr",
		"ou=x,o=rpps,c=fr":                    "o=rpps,c=fr",
		"cn=x,cn=subschema":                   "",
	} {
		t.Run(dn, func(t *testing.T) {
			_, err := c.Search(ask(dn, ldap.ScopeWholeSubtree, "(objectClass=*)"))
			var e *ldap.Error
			if !errors.As(err, &e) || e.ResultCode != ldap.LDAPResultNoSuchObject || e.MatchedDN != matched {
				t.Errorf("%v, matched %q, want %q", err, e.MatchedDN, matched)
			}
		})
	}
	t.Run("a name that is none is another error", func(t *testing.T) {
		if _, err := c.Search(ask("dc", ldap.ScopeWholeSubtree, "(objectClass=*)")); code(err) != ldap.LDAPResultInvalidDNSyntax {
			t.Error(err)
		}
	})
}
