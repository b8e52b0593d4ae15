package ldapd_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// entry reads one entry.
func entry(t testing.TB, c *ldap.Conn, dn string, attrs ...string) *ldap.Entry {
	t.Helper()
	r, err := c.Search(ask(dn, ldap.ScopeBaseObject, "(objectClass=*)", attrs...))
	if err != nil || len(r.Entries) != 1 {
		t.Fatalf("%s: %v", dn, err)
	}
	return r.Entries[0]
}

func names(e *ldap.Entry) (out []string) {
	for _, a := range e.Attributes {
		out = append(out, a.Name)
	}
	return out
}

func TestAttributes(t *testing.T) {
	c := few(t)
	user := []string{"objectClass", "mail", "cn", "sn", "givenName", "displayName", "title", "telephoneNumber", "TypeBAL", "o", "l"}
	operational := []string{"structuralObjectClass", "entryUUID", "entryDN", "subschemaSubentry", "hasSubordinates", "createTimestamp", "modifyTimestamp"}
	for _, tt := range []struct {
		rule string
		ask  []string
		want []string
	}{
		{"nothing named: all user attributes, no operational one", nil, user},
		{"*: the same", []string{"*"}, user},
		{"+: the operational ones alone", []string{"+"}, operational},
		{"* and +: all", []string{"*", "+"}, append(slices.Clone(user), operational...)},
		{"1.1: none", []string{"1.1"}, nil},
		{"1.1 beside others counts for nothing", []string{"1.1", "sn"}, []string{"sn"}},
		{"by name, whatever its case, under the name of the schema", []string{"GIVENNAME", "Mail"}, []string{"mail", "givenName"}},
		{"by alias", []string{"surname", "gn", "rfc822Mailbox", "commonName"}, []string{"mail", "cn", "sn", "givenName"}},
		{"by OID", []string{"2.5.4.4"}, []string{"sn"}},
		{"by supertype", []string{"name"}, []string{"cn", "sn", "givenName", "title", "o", "l"}},
		{"twice", []string{"sn", "SN", "2.5.4.4"}, []string{"sn"}},
		{"unknown and empty names", []string{"", "nothing", "", "sn"}, []string{"sn"}},
		{"unknown ones alone give none", []string{"nothing"}, nil},
		{"with an option that nothing holds", []string{"cn;lang-fr"}, nil},
		{"those of a class", []string{"@person"}, []string{"objectClass", "cn", "sn", "telephoneNumber"}},
		{"of an unknown class", []string{"@nothing"}, nil},
		{"an operational one by name beside user ones", []string{"*", "entryDN"}, append(slices.Clone(user), "entryDN")},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			e := entry(t, c, mailbox("jean.dupont"), tt.ask...)
			if d := cmp.Diff(tt.want, names(e)); d != "" {
				t.Error(d)
			}
			for _, a := range e.Attributes {
				if len(a.Values) == 0 {
					t.Errorf("%s has no value", a.Name)
				}
			}
		})
	}
	t.Run("types only: no value", func(t *testing.T) {
		q := ask(mailbox("jean.dupont"), ldap.ScopeBaseObject, "(objectClass=*)", "*", "+")
		q.TypesOnly = true
		r, err := c.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range r.Entries[0].Attributes {
			if len(a.Values) != 0 {
				t.Errorf("%s: %v", a.Name, a.Values)
			}
		}
		if len(r.Entries[0].Attributes) != len(user)+len(operational) {
			t.Error(names(r.Entries[0]))
		}
	})
	t.Run("values are those of the card, as they are and in order", func(t *testing.T) {
		e := entry(t, c, mailbox("jean.dupont"))
		if d := cmp.Diff([]string{"Jean DUPONT", "DUPONT Jean"}, e.GetAttributeValues("cn")); d != "" {
			t.Error(d)
		}
	})
	t.Run("operational values", func(t *testing.T) {
		e := entry(t, c, "MAIL=Jean.Dupont@medecin.formation.mssante.fr, DC=mssante,DC=fr", "+")
		for name, want := range map[string]string{"entryDN": mailbox("jean.dupont"), "subschemaSubentry": "cn=subschema", "hasSubordinates": "FALSE", "structuralObjectClass": "inetOrgPerson",
			"createTimestamp": "20261101031200Z", "modifyTimestamp": "20261101031200Z"} {
			if got := e.GetAttributeValue(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		again := entry(t, few(t), mailbox("jean.dupont"), "entryUUID").GetAttributeValue("entryUUID")
		if got := e.GetAttributeValue("entryUUID"); got != again || len(got) != 36 || got == entry(t, c, mailbox("anne.dupontel"), "entryUUID").GetAttributeValue("entryUUID") {
			t.Errorf("entryUUID %q, elsewhere %q", got, again)
		}
	})
	t.Run("before the first extract there is no time", func(t *testing.T) {
		d := ldaptest.NewDirectory(ldaptest.Few()...)
		d.As = time.Time{}
		e := entry(t, few(t, func(o *ldapd.Options) { o.Directory = d }), mailbox("jean.dupont"), "modifyTimestamp")
		if len(e.Attributes) != 0 {
			t.Error(names(e))
		}
	})
	t.Run("bases have subordinates", func(t *testing.T) {
		e := entry(t, c, "ou=structures,o=rpps,c=fr", "*", "+")
		if e.GetAttributeValue("hasSubordinates") != "TRUE" || e.GetAttributeValue("ou") != "structures" || e.GetAttributeValue("structuralObjectClass") != "organizationalUnit" {
			e.Print()
		}
	})
	t.Run("a DN escapes what has to be", func(t *testing.T) {
		odd := card.New(annuaire.BookMailboxes, `a,b+"c"@x`).Add(card.Mail, `a,b+"c"@x`).Add(card.CN, "x").Card()
		c := few(t, func(o *ldapd.Options) { o.Directory = ldaptest.NewDirectory(odd) })
		want := `mail=a\,b\+\"c\"@x,` + base
		if e := entry(t, c, want); e.DN != want {
			t.Error(e.DN)
		}
	})
}

func TestRootDSE(t *testing.T) {
	a := newAuthority(t)
	c := few(t, secured(a))
	e := entry(t, c, "", "*", "+")
	got := map[string][]string{}
	for _, a := range e.Attributes {
		got[a.Name] = a.Values
	}
	want := map[string][]string{
		"objectClass":          {"top"},
		"namingContexts":       {"dc=mssante,dc=fr", "o=rpps,c=fr"},
		"subschemaSubentry":    {"cn=subschema"},
		"supportedLDAPVersion": {"3"},
		"supportedControl": {"1.2.840.113556.1.4.1339", "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.473", "1.3.6.1.4.1.4203.1.10.1",
			"2.16.840.1.113730.3.4.2"},
		"supportedExtension": {"1.3.6.1.4.1.4203.1.11.3", "1.3.6.1.1.8", "1.3.6.1.4.1.1466.20037"},
		"supportedFeatures":  {"1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.2", "1.3.6.1.4.1.4203.1.5.3"},
		"vendorName":         {"Annuaire Santé"},
		"vendorVersion":      {"test"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	t.Run("StartTLS is not offered without a certificate", func(t *testing.T) {
		if got := entry(t, few(t), "", "supportedExtension").GetAttributeValues("supportedExtension"); slices.Contains(got, "1.3.6.1.4.1.1466.20037") {
			t.Error(got)
		}
	})
	t.Run("a training instance says so", func(t *testing.T) {
		c := few(t, func(o *ldapd.Options) { o.Training = true })
		if got := entry(t, c, "", "vendorName").GetAttributeValue("vendorName"); !strings.Contains(got, "FORMATION") {
			t.Error(got)
		}
		if got := entry(t, c, base).GetAttributeValue("description"); !strings.Contains(got, "FORMATION") {
			t.Error(got)
		}
	})
	t.Run("it obeys filters", func(t *testing.T) {
		r, err := c.Search(ask("", ldap.ScopeBaseObject, "(supportedLDAPVersion=2)", "+"))
		if err != nil || len(r.Entries) != 0 {
			t.Error(r, err)
		}
	})
}

func TestSubschema(t *testing.T) {
	c := few(t)
	for _, filter := range []string{"(objectClass=subschema)", "(objectClass=*)"} {
		r, err := c.Search(ask("cn=subschema", ldap.ScopeBaseObject, filter, "objectClasses", "attributeTypes", "matchingRules", "ldapSyntaxes", "matchingRuleUse"))
		if err != nil || len(r.Entries) != 1 {
			t.Fatal(filter, err)
		}
		e := r.Entries[0]
		if len(e.Attributes) != 5 {
			t.Error(names(e))
		}
		if !slices.ContainsFunc(e.GetAttributeValues("objectClasses"), func(s string) bool { return strings.Contains(s, "'inetOrgPerson'") }) {
			t.Error("no inetOrgPerson")
		}
	}
}

func TestConfiguredBases(t *testing.T) {
	c := few(t, func(o *ldapd.Options) { o.MailboxBase, o.PeopleBase = "ou=Annuaire, o=Hôpital,c=FR", "dc=rpps" })
	if got := entry(t, c, "", "namingContexts").GetAttributeValues("namingContexts"); !slices.Equal(got, []string{"ou=Annuaire, o=Hôpital,c=FR", "dc=rpps"}) {
		t.Error(got)
	}
	r, err := c.Search(ask("ou=annuaire,o=HÔPITAL,c=fr", ldap.ScopeSingleLevel, "(sn=dupont)"))
	if err != nil || len(r.Entries) != 1 || !strings.HasSuffix(r.Entries[0].DN, ",ou=Annuaire, o=Hôpital,c=FR") {
		t.Error(dns(r), err)
	}
	for rule, o := range map[string]ldapd.Options{"no DN": {MailboxBase: "mssante"}, "nothing to name an entry by": {PeopleBase: "cn=x"}, "one inside the other": {PeopleBase: "o=x,dc=mssante,dc=fr"},
		"the other inside the one": {MailboxBase: "ou=x,o=rpps,c=fr"}, "the same": {MailboxBase: "o=RPPS,c=fr"}} {
		t.Run(rule, func(t *testing.T) {
			if _, err := ldapd.New(o); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Error(err)
			}
		})
	}
}

func TestSizeLimit(t *testing.T) {
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Many(50)...), Tokens: someTokens, Limits: ldapd.Limits{Entries: 20, AuthEntries: 30}}
	c := dial(t, ldaptest.Start(t, o))
	auth := dial(t, ldaptest.Start(t, o))
	if err := auth.Bind("cn=x", "ann_good"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule   string
		c      *ldap.Conn
		size   int
		filter string
		n      int
		code   uint16
	}{
		{"exactly as many as asked for, then the limit", c, 7, "(objectClass=*)", 7, 4},
		{"as many as there are is no limit", c, 1, "(cn=jean000007*)", 1, 0},
		{"nothing asked: the server's limit", c, 0, "(objectClass=*)", 20, 4},
		{"more than the server gives: the server's limit", c, 40, "(objectClass=*)", 20, 4},
		{"a token has another", auth, 0, "(objectClass=*)", 30, 4},
		{"nothing found", c, 5, "(cn=nobody)", 0, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			q := ask(base, ldap.ScopeSingleLevel, tt.filter, "cn")
			q.SizeLimit = tt.size
			r, err := tt.c.Search(q)
			if code(err) != tt.code || len(r.Entries) != tt.n {
				t.Errorf("%d entries, %v", len(r.Entries), err)
			}
		})
	}
}

func TestTimeAndCandidates(t *testing.T) {
	slow := ldaptest.NewDirectory(ldaptest.Many(50)...)
	n := 0
	slow.Browsed = func(ctx context.Context, _ int) error {
		if n++; n%40 == 0 { // the first ones come at once, then nothing
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	t.Run("the time is over: what there is, and timeLimitExceeded", func(t *testing.T) {
		n = 0
		c := few(t, func(o *ldapd.Options) { o.Directory, o.Limits.Budget = slow, 50*time.Millisecond })
		r, err := c.Search(ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "cn"))
		if code(err) != ldap.LDAPResultTimeLimitExceeded || len(r.Entries) != 39 {
			t.Error(len(r.Entries), err)
		}
	})
	t.Run("a page is short instead, and continues", func(t *testing.T) {
		n = 0
		c := few(t, func(o *ldapd.Options) { o.Directory, o.Limits.Budget = slow, 50*time.Millisecond })
		r, err := c.SearchWithPaging(ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "cn"), 500)
		if err != nil || len(r.Entries) != 50 {
			t.Error(len(r.Entries), err)
		}
	})
	t.Run("the client's own limit holds", func(t *testing.T) {
		n = 0
		q := ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "cn")
		q.TimeLimit = 1
		r, err := few(t, func(o *ldapd.Options) { o.Directory = slow }).Search(q)
		if code(err) != ldap.LDAPResultTimeLimitExceeded || len(r.Entries) != 39 {
			t.Error(len(r.Entries), err)
		}
	})
	many := ldaptest.NewDirectory(ldaptest.Many(50)...)
	t.Run("too many candidates: what there is, and adminLimitExceeded", func(t *testing.T) {
		c := few(t, func(o *ldapd.Options) { o.Directory, o.Limits.Candidates = many, 10 })
		r, err := c.Search(ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "cn"))
		if code(err) != ldap.LDAPResultAdminLimitExceeded || len(r.Entries) != 10 {
			t.Error(len(r.Entries), err)
		}
	})
	t.Run("by pages all are looked at", func(t *testing.T) {
		c := few(t, func(o *ldapd.Options) { o.Directory, o.Limits.Candidates = many, 10 })
		r, err := c.SearchWithPaging(ask(base, ldap.ScopeWholeSubtree, "(cn=jean00003*)", "cn"), 4)
		if err != nil || len(r.Entries) != 10 {
			t.Error(len(r.Entries), err)
		}
	})
	t.Run("a directory that cannot answer is unavailable, as Postfix needs to know", func(t *testing.T) {
		d := ldaptest.NewDirectory(ldaptest.Few()...)
		d.Browsed = func(context.Context, int) error {
			return annuaire.Errorf(annuaire.CodeUnavailable, "", "pas encore de données", "no data yet", nil)
		}
		if _, err := few(t, func(o *ldapd.Options) { o.Directory = d }).Search(ask(base, ldap.ScopeSingleLevel, "(mail=x)")); code(err) != ldap.LDAPResultUnavailable {
			t.Error(err)
		}
	})
	t.Run("nothing found is success", func(t *testing.T) {
		r, err := few(t).Search(ask(base, ldap.ScopeWholeSubtree, "(mail=nobody@nowhere)"))
		if err != nil || len(r.Entries) != 0 {
			t.Error(err)
		}
	})
}

// Where candidates stop at enough of them, what matches beyond is found all the same, and nothing twice.
func TestEnoughCandidatesMayNotBeEnough(t *testing.T) {
	d := ldaptest.NewDirectory(ldaptest.Many(200)...)
	d.Enough = true
	c := few(t, func(o *ldapd.Options) { o.Directory = d })
	q := ask(base, ldap.ScopeSingleLevel, "(|(cn=jean000001*)(cn=jean00015*))", "cn")
	q.SizeLimit = 20
	r, err := c.Search(q)
	if err != nil || len(r.Entries) != 11 {
		t.Fatal(len(r.Entries), err)
	}
	got := dns(r)
	slices.Sort(got)
	if len(slices.Compact(got)) != 11 {
		t.Error("twice")
	}
	d.Asked.Store(0)
	q.Filter = "(cn=jean*)"
	if r, err = c.Search(q); code(err) != ldap.LDAPResultSizeLimitExceeded || len(r.Entries) != 20 || d.Asked.Load() != 1 {
		t.Error("where enough match, once is enough:", len(r.Entries), err, d.Asked.Load())
	}
}

func TestCompare(t *testing.T) {
	c := few(t)
	for _, tt := range []struct {
		rule, dn, attr, value string
		want                  bool
		code                  uint16
	}{
		{"a value it has", mailbox("jean.dupont"), "sn", "dupont", true, 0},
		{"one it has not", mailbox("jean.dupont"), "sn", "martin", false, 0},
		{"one of several values", mailbox("jean.dupont"), "cn", "DUPONT Jean", true, 0},
		{"by alias", mailbox("jean.dupont"), "surname", "DUPONT", true, 0},
		{"objectClass", mailbox("jean.dupont"), "objectClass", "inetOrgPerson", true, 0},
		{"an operational attribute", mailbox("jean.dupont"), "entryDN", mailbox("jean.dupont"), true, 0},
		{"an attribute that the entry has not", mailbox("jean.dupont"), "description", "x", false, ldap.LDAPResultNoSuchAttribute},
		{"an option that nothing holds", mailbox("jean.dupont"), "sn;lang-fr", "x", false, ldap.LDAPResultNoSuchAttribute},
		{"an attribute that does not exist", mailbox("jean.dupont"), "nothing", "x", false, ldap.LDAPResultUndefinedAttributeType},
		{"an entry that does not exist", mailbox("nobody"), "sn", "x", false, ldap.LDAPResultNoSuchObject},
		{"a base", base, "dc", "MSSante", true, 0},
		{"the root DSE", "", "objectClass", "top", true, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := c.Compare(tt.dn, tt.attr, tt.value)
			if got != tt.want || code(err) != tt.code {
				t.Error(got, err)
			}
		})
	}
}
