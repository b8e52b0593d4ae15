package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func ldifOf(t interface{ Fatal(...any) }, e entry) (string, int) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	dropped, err := writeLDIF(w, e)
	if err != nil || w.Flush() != nil {
		t.Fatal(err)
	}
	return b.String(), dropped
}

func TestLDIF(t *testing.T) {
	for _, c := range []struct {
		rule, value, want string
		dropped           int
	}{
		{"plain text stands as it is", "Jean DUPONT", "cn: Jean DUPONT", 0},
		{"accents are written in base64", "Zélie", "cn:: WsOpbGll", 0},
		{"and so is what looks like something else", ": x", "cn:: OiB4", 0},
		{"a URL", "<x", "cn:: PHg=", 0},
		{"a space in front", " x", "cn:: IHg=", 0},
		{"a space at the end", "x ", "cn:: eCA=", 0},
		{"a line end", "a\nb", "cn:: YQpi", 0},
		{"nothing is nothing", "", "cn: ", 0},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, dropped := ldifOf(t, entry{"dc=x", []attribute{{"cn", []string{c.value}}}})
			if got != "dn: dc=x\n"+c.want+"\n\n" || dropped != c.dropped {
				t.Errorf("%q, %d dropped", got, dropped)
			}
		})
	}
	t.Run("values that slapd takes for the same are written once", func(t *testing.T) {
		got, dropped := ldifOf(t, entry{"dc=x", []attribute{{"cn", []string{"Jean JEAN", "JEAN  Jean", "Jean"}}, {"sn", []string{"JEAN"}}}})
		if got != "dn: dc=x\ncn: Jean JEAN\ncn: Jean\nsn: JEAN\n\n" || dropped != 1 {
			t.Errorf("%q, %d dropped", got, dropped)
		}
	})
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := entry{dn: rapid.String().Draw(t, "dn"), attrs: []attribute{{"a", []string{rapid.String().Draw(t, "value")}}}}
		text, _ := ldifOf(t, want)
		var got []string
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n\n"), "\n") {
			_, v, _ := strings.Cut(line, ":")
			if raw, ok := strings.CutPrefix(v, ": "); ok {
				b, err := base64.StdEncoding.DecodeString(raw)
				if err != nil {
					t.Fatal(err)
				}
				v = " " + string(b)
			}
			got = append(got, strings.TrimPrefix(v, " "))
		}
		if d := cmp.Diff([]string{want.dn, want.attrs[0].values[0]}, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestSchema(t *testing.T) {
	ours := definitions{
		types: []string{"( 2.5.4.3 NAME 'cn' SUP name )", "( 2.25.1.1 NAME 'TypeBAL' EQUALITY caseIgnoreMatch )",
			"( 1.3.6.1.4.1.453.16.2.103 NAME 'numSubordinates' USAGE directoryOperation )"},
		classes: []string{"( 2.5.6.6 NAME 'person' SUP top )", "( 2.25.1.2 NAME 'mssanteBAL' SUP top AUXILIARY )"},
	}
	theirs := definitions{types: []string{"( 2.5.4.3 NAME ( 'cn' 'commonName' ) )"}, classes: []string{"( 2.5.6.6 NAME 'person' )"}}
	want := "attributetype ( 2.25.1.1 NAME 'TypeBAL' EQUALITY caseIgnoreMatch )\nobjectclass ( 2.25.1.2 NAME 'mssanteBAL' SUP top AUXILIARY )\n"
	if got := lacks(theirs, ours).slapdSchema(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for definition, want := range map[string]string{"( 2.5.4.3 NAME 'cn' )": "2.5.4.3", "(2.5.4.3 NAME 'cn')": "2.5.4.3", "": "", "(": ""} {
		if got := oidOf(definition); got != want {
			t.Errorf("%q: %q", definition, got)
		}
	}
}

func TestSlapdConf(t *testing.T) {
	full := slapdConf{schemas: "/s", modules: "/m", own: "/o", data: "/d", cores: 2}
	has := func(c slapdConf, line string) bool { return strings.Contains("\n"+c.String(), "\n"+line+"\n") }
	for _, line := range []string{"include /s/inetorgperson.schema", "include /o", "moduleload back_mdb", "tool-threads 2", "index cn,sn,givenName,mail,displayName eq,sub",
		"sizelimit size.soft=1000 size.hard=unlimited size.prtotal=unlimited", "directory /d", `suffix "dc=mssante,dc=fr"`} {
		if !has(full, line) {
			t.Errorf("no line %q", line)
		}
	}
	if c := (slapdConf{schemas: "/s"}).String(); strings.Contains(c, "database") || strings.Contains(c, "module") {
		t.Errorf("to learn its schema it needs no database: %s", c)
	}
	line := "index mozillaNickname,mozillaSecondEmail,description,o,ou,title,telephoneNumber eq,sub"
	if has(full, line) {
		t.Error("the wide index unasked")
	}
	if full.wide = true; !has(full, line) {
		t.Error("no wide index")
	}
}
