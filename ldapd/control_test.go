package ldapd_test

import (
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

func pagedControl(size int64, cookie []byte) []byte {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	e.Int(ber.Integer, size)
	e.Bytes(ber.OctetString, cookie)
	e.End(m)
	return control("1.2.840.113556.1.4.319", true, e.Buf)
}

// cookie is the cookie of an answer; ok is false without the control.
func (a answer) cookie(t testing.TB) (cookie []byte, ok bool) {
	t.Helper()
	value, ok := a.control(t, "1.2.840.113556.1.4.319")
	if !ok {
		return nil, false
	}
	c := ber.Read(value)
	in, err := c.Enter(ber.Sequence)
	if err == nil {
		_, err = in.Int(ber.Integer)
	}
	if err == nil {
		cookie, err = in.Take(ber.OctetString)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cookie, true
}

// control is the value of a control of an answer.
func (a answer) control(t testing.TB, oid string) ([]byte, bool) {
	t.Helper()
	for c := ber.Read(a.controls); !c.Done(); {
		in, err := c.Enter(ber.Sequence)
		if err != nil {
			t.Fatal(err)
		}
		name, err := in.Take(ber.OctetString)
		if err != nil {
			t.Fatal(err)
		}
		if string(name) == oid {
			value, err := in.Take(ber.OctetString)
			if err != nil {
				t.Fatal(err)
			}
			return value, true
		}
	}
	return nil, false
}

func TestPages(t *testing.T) {
	o := ldapd.Options{Directory: ldaptest.NewDirectory(append(ldaptest.Many(50), ldaptest.Few()...)...), Limits: ldapd.Limits{Entries: 10, Page: 20}}
	addr := ldaptest.Start(t, o)
	c := dial(t, addr)
	for _, size := range []uint32{1, 7, 20, 28, 500} {
		r, err := c.SearchWithPaging(ask(base, ldap.ScopeWholeSubtree, "(objectClass=*)", "1.1"), size)
		if err != nil || len(r.Entries) != 56 {
			t.Errorf("pages of %d: %d entries, %v", size, len(r.Entries), err)
			continue
		}
		got := dns(r)
		slices.Sort(got)
		if len(slices.Compact(got)) != 56 {
			t.Errorf("pages of %d: entries come twice", size)
		}
	}
	t.Run("across books", func(t *testing.T) {
		r, err := c.SearchWithPaging(ask("o=rpps,c=fr", ldap.ScopeWholeSubtree, "(objectClass=*)", "1.1"), 2)
		if err != nil || len(r.Entries) != 6 {
			t.Error(dns(r), err)
		}
	})
	t.Run("the last page is not followed by an empty one", func(t *testing.T) {
		w := wired(t, addr)
		q := query{base: base, scope: 1, filter: nil, controls: [][]byte{pagedControl(20, nil)}, attrs: []string{"1.1"}}
		total := 0
		for id, cookie := int64(1), []byte(nil); ; id++ {
			q.controls[0] = pagedControl(11, cookie)
			w.send(q.request(id))
			n, done := w.entries(id)
			if total += n; n != 11 || done.code(t) != 0 {
				t.Fatal(n, done.code(t))
			}
			if cookie, _ = done.cookie(t); len(cookie) == 0 {
				break
			}
		}
		if total != 55 {
			t.Error(total)
		}
	})
	first := func(t *testing.T, w *wire, q query) []byte {
		t.Helper()
		q.controls = [][]byte{pagedControl(5, nil)}
		w.send(q.request(1))
		n, done := w.entries(1)
		cookie, ok := done.cookie(t)
		if n != 5 || !ok || len(cookie) == 0 {
			t.Fatal(n, cookie)
		}
		return cookie
	}
	q := query{base: base, scope: 1, attrs: []string{"1.1"}}
	t.Run("a page continues on another connection", func(t *testing.T) {
		cookie := first(t, wired(t, addr), q)
		w := wired(t, addr)
		q.controls = [][]byte{pagedControl(5, cookie)}
		w.send(q.request(1))
		if n, done := w.entries(1); n != 5 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("a cookie of another question, or one that was changed, is refused", func(t *testing.T) {
		w := wired(t, addr)
		cookie := first(t, w, q)
		other := q
		other.filter, other.controls = present("cn"), [][]byte{pagedControl(5, cookie)}
		w.send(other.request(2))
		w.expect(2, 0x65, 53)
		for i := range cookie {
			bad := slices.Clone(cookie)
			bad[i] ^= 1
			q.controls = [][]byte{pagedControl(5, bad)}
			w.send(q.request(2))
			w.expect(2, 0x65, 53)
		}
		for _, bad := range [][]byte{{1}, make([]byte, 40), make([]byte, 5000)} {
			q.controls = [][]byte{pagedControl(5, bad)}
			w.send(q.request(2))
			w.expect(2, 0x65, 53)
		}
	})
	t.Run("a cookie of a server that has started again is refused, unless its key was kept", func(t *testing.T) {
		cookie := first(t, wired(t, addr), q)
		q.controls = [][]byte{pagedControl(5, cookie)}
		w := wired(t, ldaptest.Start(t, o))
		w.send(q.request(1))
		w.expect(1, 0x65, 53)
		kept := o
		kept.CookieKey = []byte("0123456789abcdef")
		cookie = first(t, wired(t, ldaptest.Start(t, kept)), q)
		q.controls = [][]byte{pagedControl(5, cookie)}
		w = wired(t, ldaptest.Start(t, kept))
		w.send(q.request(1))
		if n, _ := w.entries(1); n != 5 {
			t.Error(n)
		}
	})
	t.Run("a size of nothing gives the search up", func(t *testing.T) {
		w := wired(t, addr)
		cookie := first(t, w, q)
		for id, k := range [][]byte{cookie, nil} {
			q.controls = [][]byte{pagedControl(0, k)}
			w.send(q.request(int64(id + 2)))
			n, done := w.entries(int64(id + 2))
			if left, ok := done.cookie(t); n != 0 || done.code(t) != 0 || !ok || len(left) != 0 {
				t.Error(n, done.code(t), left)
			}
		}
	})
	t.Run("a size limit holds for all pages together", func(t *testing.T) {
		w := wired(t, addr)
		q := q
		q.size = 12
		cookie := []byte(nil)
		for id, want := range []struct {
			n    int
			code int64
		}{{5, 0}, {5, 0}, {2, 4}} {
			q.controls = [][]byte{pagedControl(5, cookie)}
			w.send(q.request(int64(id + 1)))
			n, done := w.entries(int64(id + 1))
			if n != want.n || done.code(t) != want.code {
				t.Fatalf("page %d: %d entries, code %d", id, n, done.code(t))
			}
			cookie, _ = done.cookie(t)
		}
		if len(cookie) != 0 {
			t.Error("and it goes on")
		}
	})
	t.Run("a page as large as the size limit is no page", func(t *testing.T) {
		w := wired(t, addr)
		q := q
		q.size, q.controls = 5, [][]byte{pagedControl(5, nil)}
		w.send(q.request(1))
		n, done := w.entries(1)
		if _, ok := done.cookie(t); n != 5 || done.code(t) != 4 || ok {
			t.Error(n, done.code(t), ok)
		}
	})
}

func TestSort(t *testing.T) {
	cards := []card.Card{
		ldaptest.Mailbox("Anne", "MARTIN", ldaptest.With(card.L, "Lyon")), ldaptest.Mailbox("Bruno", "DUPONT", ldaptest.With(card.L, "Paris")),
		ldaptest.Mailbox("Claire", "dupond"), ldaptest.Mailbox("Denis", "Dupont", ldaptest.With(card.L, "Lyon")),
	}
	d := ldaptest.NewDirectory(cards...)
	c := few(t, func(o *ldapd.Options) { o.Directory = d })
	for _, tt := range []struct {
		rule string
		keys []*ldap.SortKey
		want []string
	}{
		{"by sn, which has no ordering rule of its own, whatever its case", []*ldap.SortKey{{AttributeType: "sn"}}, []string{"claire.dupond", "bruno.dupont", "denis.dupont", "anne.martin"}},
		{"by sn with the rule by OID, as SOGo does", []*ldap.SortKey{{AttributeType: "sn", MatchingRule: "2.5.13.3"}}, []string{"claire.dupond", "bruno.dupont", "denis.dupont", "anne.martin"}},
		{"backwards", []*ldap.SortKey{{AttributeType: "givenName", Reverse: true}}, []string{"denis.dupont", "claire.dupond", "bruno.dupont", "anne.martin"}},
		{"who has no value comes last", []*ldap.SortKey{{AttributeType: "l"}}, []string{"anne.martin", "denis.dupont", "bruno.dupont", "claire.dupond"}},
		{"by two keys", []*ldap.SortKey{{AttributeType: "l"}, {AttributeType: "sn"}}, []string{"denis.dupont", "anne.martin", "bruno.dupont", "claire.dupond"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			q := ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "1.1")
			q.Controls = []ldap.Control{ldap.NewControlServerSideSortingWithSortKeys(tt.keys)}
			r, err := c.Search(q)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]string, len(tt.want))
			for i, w := range tt.want {
				want[i] = mailbox(w)
			}
			if got := dns(r); !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
	t.Run("the first ones of the order are those returned", func(t *testing.T) {
		q := ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "1.1")
		q.SizeLimit = 2
		q.Controls = []ldap.Control{ldap.NewControlServerSideSortingWithSortKeys([]*ldap.SortKey{{AttributeType: "sn"}})}
		r, err := c.Search(q)
		if got := dns(r); code(err) != 4 || !slices.Equal(got, []string{mailbox("claire.dupond"), mailbox("bruno.dupont")}) {
			t.Error(got, err)
		}
	})
	t.Run("no more than the window is sorted", func(t *testing.T) {
		c := few(t, func(o *ldapd.Options) {
			o.Directory, o.Limits.SortWindow = ldaptest.NewDirectory(ldaptest.Many(30)...), 10
		})
		q := ask(base, ldap.ScopeSingleLevel, "(objectClass=*)", "sn")
		q.Controls = []ldap.Control{ldap.NewControlServerSideSortingWithSortKeys([]*ldap.SortKey{{AttributeType: "sn"}})}
		r, err := c.Search(q)
		if code(err) != 4 || len(r.Entries) != 10 || !slices.IsSortedFunc(r.Entries, func(a, b *ldap.Entry) int {
			return slices.Compare(a.GetAttributeValues("sn"), b.GetAttributeValues("sn"))
		}) {
			t.Error(len(r.Entries), err)
		}
	})
	for _, tt := range []struct {
		rule  string
		value []byte
		sort  byte // sortResult
	}{
		{"an attribute that does not exist", sortValue("nothing", ""), 16},
		{"a rule that does not exist", sortValue("sn", "1.2.3"), 18},
		{"an equality rule", sortValue("sn", "2.5.13.2"), 18},
		{"too many keys", sortValue("sn", "", "cn", "", "l", "", "o", ""), 53},
	} {
		t.Run(tt.rule+": unsorted and said, or refused where critical", func(t *testing.T) {
			w := fewWire(t)
			q := query{base: base, scope: 1}
			q.controls = [][]byte{control("1.2.840.113556.1.4.473", false, tt.value)}
			w.send(q.request(1))
			n, done := w.entries(1)
			if v, ok := done.control(t, "1.2.840.113556.1.4.474"); n != 5 || done.code(t) != 0 || !ok || v[4] != tt.sort {
				t.Errorf("%d, code %d, % x", n, done.code(t), v)
			}
			q.controls = [][]byte{control("1.2.840.113556.1.4.473", true, tt.value)}
			w.send(q.request(2))
			n, done = w.entries(2)
			if v, ok := done.control(t, "1.2.840.113556.1.4.474"); n != 0 || done.code(t) != 12 || !ok || v[4] != tt.sort {
				t.Errorf("%d, code %d, % x", n, done.code(t), v)
			}
		})
	}
	t.Run("pages are not sorted", func(t *testing.T) {
		w := fewWire(t)
		w.send(query{base: base, scope: 1, controls: [][]byte{pagedControl(2, nil), control("1.2.840.113556.1.4.473", false, sortValue("sn", ""))}}.request(1))
		n, done := w.entries(1)
		v, ok := done.control(t, "1.2.840.113556.1.4.474")
		if cookie, _ := done.cookie(t); n != 2 || !ok || v[4] != 53 || len(cookie) == 0 {
			t.Error(n, v, cookie)
		}
	})
}

// sortValue is the value of a sort control: attribute, rule, attribute, rule ...
func sortValue(keys ...string) []byte {
	var e ber.Encoder
	m := e.Begin(ber.Sequence)
	for i := 0; i < len(keys); i += 2 {
		k := e.Begin(ber.Sequence)
		e.String(ber.OctetString, keys[i])
		if keys[i+1] != "" {
			e.String(0x80, keys[i+1])
		}
		e.End(k)
	}
	e.End(m)
	return e.Buf
}

func TestControlsWithoutEffect(t *testing.T) {
	w := fewWire(t)
	for i, c := range [][]byte{control("2.16.840.1.113730.3.4.2", true, nil), control("1.2.840.113556.1.4.1339", true, nil), control("1.3.6.1.4.1.4203.1.10.1", true, []byte{1, 1, 0})} {
		w.send(query{base: base, scope: 1, controls: [][]byte{c}}.request(int64(i + 1)))
		if n, done := w.entries(int64(i + 1)); n != 5 || done.code(t) != 0 || done.controls != nil {
			t.Error(i, n, done.code(t))
		}
	}
	t.Run("who asks for subentries alone gets none", func(t *testing.T) {
		w.t = t
		w.send(query{base: base, scope: 2, controls: [][]byte{control("1.3.6.1.4.1.4203.1.10.1", true, []byte{1, 1, 0xff})}}.request(9))
		if n, done := w.entries(9); n != 0 || done.code(t) != 0 {
			t.Error(n, done.code(t))
		}
	})
	t.Run("a compare takes ManageDsaIT", func(t *testing.T) {
		w.t = t
		w.send(request(10, 0x6e, compareBody(base, "dc", "mssante"), control("2.16.840.1.113730.3.4.2", true, nil)))
		w.expect(10, 0x6f, 6)
	})
}
