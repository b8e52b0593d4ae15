package main

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		rule string
		n    int
		wide bool
		want string
	}{
		{"a short length takes one octet", 3, false, "3003"},
		{"the longest short length is 127", 127, false, "307f"},
		{"longer ones take as many as they need", 128, false, "308180"},
		{"two where 256 begins", 256, false, "30820100"},
		{"three where 65 536 begins", 65536, false, "3083010000"},
		{"Windows clients take four for any", 3, true, "308400000003"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			w := writer{wide: c.wide}
			w.constructed(tagSequence, func() { w.b = append(w.b, make([]byte, c.n)...) })
			if got := hex.EncodeToString(w.b[:len(w.b)-c.n]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1<<31-1).Draw(t, "n")
		var w writer
		w.number(tagInt, n)
		if want := ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, int64(n), "").Bytes(); !bytes.Equal(w.b, want) {
			t.Fatalf("%d: %x, want %x", n, w.b, want)
		}
	})
}

// go-ldap's compiler of filters is the independent one.
func TestFiltersAreEncodedAsAnotherClientDoes(t *testing.T) {
	for _, f := range []string{
		"(objectClass=*)", "(mail=a@b.fr)", "(cn=dup*)", "(cn=*dup)", "(cn=*dup*)", "(cn=*jean*dupont*)", "(cn=a*b*c)", "(&(sn=x)(givenName=y))",
		"(|(cn=*d*)(mail=*d*)(givenName=*d*)(sn=*d*))", "(&(|(a=b))(&(description=*w*)))", "(&)", "(|)",
		quick("jean", "dupont").filter, outlook("n").filter, roundcube("dupo").filter, sogo("dupo").filter,
	} {
		t.Run(f, func(t *testing.T) {
			var w writer
			if err := w.filter(f); err != nil {
				t.Fatal(err)
			}
			want, err := ldap.CompileFilter(f)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(w.b, want.Bytes()) {
				t.Errorf("got %x, want %x", w.b, want.Bytes())
			}
		})
	}
}

// shown is a request as asn1-ber reads it.
func shown(t *testing.T, r request) (id int64, op *ber.Packet, controls []ldap.Control) {
	t.Helper()
	p := ber.DecodePacket(r.bytes)
	if p == nil || len(p.Children) < 2 {
		t.Fatalf("unreadable: %x", r.bytes)
	}
	if len(p.Children) == 3 {
		for _, c := range p.Children[2].Children {
			control, err := ldap.DecodeControl(c)
			if err != nil {
				t.Fatal(err)
			}
			controls = append(controls, control)
		}
	}
	return p.Children[0].Value.(int64), p.Children[1], controls
}

func TestSearchRequest(t *testing.T) {
	s := search{base: "dc=x", scope: 2, deref: 3, size: 999, time: 15, filter: "(cn=a*)", attrs: []string{"cn", "mail"}}
	t.Run("an independent reader finds everything in its place", func(t *testing.T) {
		r, err := s.encode()
		if err != nil {
			t.Fatal(err)
		}
		id, op, _ := shown(t, r)
		var got []any
		for _, c := range op.Children[:6] {
			got = append(got, c.Value)
		}
		filter, err := ldap.DecompileFilter(op.Children[6])
		if d := cmp.Diff([]any{"dc=x", int64(2), int64(3), int64(999), int64(15), false}, got); d != "" || filter != "(cn=a*)" || err != nil || id != firstID {
			t.Error(d, filter, err, id)
		}
		if a := op.Children[7].Children; len(a) != 2 || a[1].Value != "mail" {
			t.Errorf("attributes: %v", a)
		}
	})
	t.Run("the id changes in place, and nothing else", func(t *testing.T) {
		for _, wide := range []bool{false, true} {
			s := s
			s.wide = wide
			r, _ := s.encode()
			own := r.clone()
			own.setID(0x01020304)
			if id, _, _ := shown(t, own); id != 0x01020304 {
				t.Errorf("id %x", id)
			}
			if id, _, _ := shown(t, r); id != firstID {
				t.Errorf("the original changed too: %x", id)
			}
			own.setID(firstID)
			if !bytes.Equal(own.bytes, r.bytes) {
				t.Error("more than the id changed")
			}
		}
	})
	t.Run("pages and order are controls that another client reads", func(t *testing.T) {
		s := s
		s.page, s.cookie, s.sort = 1000, []byte("next"), "cn"
		r, err := s.encode()
		if err != nil {
			t.Fatal(err)
		}
		_, _, all := shown(t, r)
		page := ldap.FindControl(all, ldap.ControlTypePaging).(*ldap.ControlPaging)
		if page.PagingSize != 1000 || string(page.Cookie) != "next" {
			t.Errorf("%v", page)
		}
		keys := ldap.FindControl(all, ldap.ControlTypeServerSideSorting).(*ldap.ControlServerSideSorting).SortKeys
		if len(keys) != 1 || keys[0].AttributeType != "cn" || keys[0].MatchingRule != "2.5.13.3" || keys[0].Reverse {
			t.Error(keys)
		}
	})
	t.Run("a filter that is none is an error", func(t *testing.T) {
		if _, err := (search{filter: "cn=a"}).encode(); err == nil {
			t.Error("no error")
		}
	})
}

func TestOutlookWritesEveryConstructedLengthInFourOctets(t *testing.T) {
	r, err := outlook("n").encode()
	if err != nil {
		t.Fatal(err)
	}
	var walk func(b []byte)
	walk = func(b []byte) {
		for len(b) > 0 {
			tag, content, rest, err := element(b)
			if err != nil {
				t.Fatal(err)
			}
			if tag&0x20 != 0 {
				if b[1] != 0x84 {
					t.Errorf("tag %02x: length %02x", tag, b[1])
				}
				walk(content)
			}
			b = rest
		}
	}
	walk(r.bytes)
	attrs := outlook("n").attrs
	if n := len(strings.Join(attrs, "")) + 2*len(attrs); n < 220 || n > 240 { // about 229 were captured
		t.Errorf("the names of the attributes take %d octets", n)
	}
}

func TestBindRequest(t *testing.T) {
	_, op, _ := shown(t, bindRequest())
	if op.Tag != ldap.ApplicationBindRequest || op.Children[0].Value != int64(3) || op.Children[1].Value != "" {
		t.Errorf("%x", bindRequest().bytes)
	}
}

func TestPlain(t *testing.T) {
	for v, want := range map[string]bool{"dupont": true, "jean.dupont@x.fr": true, "": false, "a*": false, "(a": false, "a)": false, `a\`: false, "a\x00": false} {
		if got := plain(v); got != want {
			t.Errorf("plain(%q) = %v", v, got)
		}
	}
}
