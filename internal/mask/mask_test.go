package mask_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"annuaire/internal/mask"
)

func TestString(t *testing.T) {
	for _, tt := range []struct{ rule, in, want string }{
		{"13 digits go", "q=1850578006084", "q=[INS]"},
		{"15 digits go", "/v1/x/185057800608436", "/v1/x/[INS]"},
		{"of Corsica too", "185052A00608436 285052b006084", "[INS] [INS]"},
		{"as people write them", "no 1 85 05 78 006 084 36!", "no [INS]!"},
		{"with dots, dashes or no-break spaces", "1.85.05.78.006.084.36 / 1-85-05-78-006-084 / 1\u00a085\u202f05 78 006 084", "[INS] / [INS] / [INS]"},
		{"cut anywhere", "1850 578006 08436", "[INS]"},
		{"percent-encoded", "q=1%2085%2005%2078%20006%20084%2036", "q=[INS]"},
		{"each digit percent-encoded", "q=%31850578006084", "q=[INS]"},
		{"twice", "q=%2531850578006084", "q=[INS]"},
		{"escaped as in a filter", `(cn=\31850578006084*)`, "(cn=[INS]*)"},
		{"with plus signs for spaces", "q=1+85+05+78+006+084", "q=[INS]"},
		{"in full-width digits", "１８５０５７８００６０８４", "[INS]"},
		{"in Arabic digits", "١٨٥٠٥٧٨٠٠٦٠٨٤", "[INS]"},
		{"beside another number", "10001234567 185057800608436 69001", "10001234567 [INS] 69001"},
		{"between letters", "ins185057800608436x", "ins[INS]x"},
		{"the local part of a patient's address goes", "mail=185057800608436@patient.mssante.fr", "mail=[patient]@patient.mssante.fr"},
		{"whatever it is", "(mail=jean.dupont@PATIENT.mssante.fr)", "(mail=[patient]@PATIENT.mssante.fr)"},
		{"percent-encoded too", "/v1/mailboxes/jean%40patient.mssante.fr", "/v1/mailboxes/[patient]%40patient.mssante.fr"},
		{"of training too", "<x@patient.formation.mssante.fr>", "<[patient]@patient.formation.mssante.fr>"},
		{"with full-width letters", "x@ｐatient.mssante.fr", "[patient]@ｐatient.mssante.fr"},
		{"a part of a number before it goes", "1 85 05@patient.mssante.fr", "[patient]@patient.mssante.fr"},
		{"a part before a star too", "(mail=1850*@patient.mssante.fr)", "(mail=[patient]@patient.mssante.fr)"},

		{"an RPPS stays", "rpps=10001234567", ""},
		{"an RPPS beside a département", "10001234567 69", ""},
		{"and before one", "69 10001234567", ""},
		{"an IdNatPP stays", "810001234567", ""},
		{"a FINESS stays", "690000001 2A0000012", ""},
		{"a SIREN stays", "732 829 320", ""},
		{"a SIRET stays", "73282932000074 732 829 320 00074", ""},
		{"a telephone number stays", "+33466000000 06 12 34 56 78", ""},
		{"14 digits are no INS", "18505780060843", ""},
		{"nor are 16", "1850578006084361", ""},
		{"an instant stays", "2026-11-26T14:06:01.123456789Z", ""},
		{"an address of the network stays", "2001:db8:1234:5678:9012:3456:7890:1234, 192.168.100.100", ""},
		{"another address stays", "jean.dupont@medecin.mssante.fr", ""},
		{"so does a domain that only looks so", "x@patients.mssante.fr x@patient.example", ""},
		{"and plain words", "une phrase avec un accent é", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if tt.want == "" {
				tt.want = tt.in
			}
			if got := mask.String(tt.in); got != tt.want {
				t.Errorf("%q -> %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestJSONStaysJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":"185057800608436"}`: `{"a":"[INS]"}`,
		`{"a":1850578006084}`:     `"{\"a\":[INS]}"`,
		`{"a":"10001234567"}`:     `{"a":"10001234567"}`,
	} {
		got := string(mask.JSON([]byte(in)))
		if got != want || !json.Valid([]byte(got)) {
			t.Errorf("%s -> %s, want %s", in, got, want)
		}
	}
}

// ins is an INS with or without its key, in digits that say so when they are left over.
func ins(t *rapid.T) []string {
	parts := []string{
		rapid.SampledFrom([]string{"1", "2"}).Draw(t, "sex"), fmt.Sprintf("%02d", rapid.IntRange(0, 99).Draw(t, "year")), fmt.Sprintf("%02d", rapid.IntRange(1, 12).Draw(t, "month")),
		rapid.SampledFrom([]string{"01", "69", "2A", "2B", "2b", "97", "99"}).Draw(t, "department"), fmt.Sprintf("%03d", rapid.IntRange(0, 999).Draw(t, "commune")), fmt.Sprintf("%03d", rapid.IntRange(0, 999).Draw(t, "order")),
	}
	if rapid.Bool().Draw(t, "key") {
		parts = append(parts, fmt.Sprintf("%02d", rapid.IntRange(1, 97).Draw(t, "key digits")))
	}
	return parts
}

// written is how an INS reaches us.
func written(t *rapid.T, parts []string) string {
	s := strings.Join(parts, rapid.SampledFrom([]string{"", "", " ", "\u00a0", ".", "-", "  "}).Draw(t, "separator"))
	switch rapid.IntRange(0, 4).Draw(t, "encoding") {
	case 1:
		s = url.QueryEscape(s)
	case 2:
		s = url.PathEscape(url.PathEscape(s))
	case 3: // every byte
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
		s = b.String()
	case 4:
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, `\%02x`, s[i])
		}
		s = b.String()
	}
	return s
}

func digits(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// No INS survives, wherever it stands, and masking once is enough.
func TestNoINSSurvives(t *testing.T) {
	around := rapid.SampledFrom([]string{"", "q=", "/v1/mailboxes/", "(cn=", "*", " ", "é", "x", "10001234567 ", "\"", "patient ", "&", "69001 ", "\n"})
	rapid.Check(t, func(t *rapid.T) {
		n := written(t, ins(t))
		before, after := around.Draw(t, "before"), rapid.SampledFrom([]string{"", ")", "*", " ", "&x=y", "@patient.mssante.fr", "%40patient.mssante.fr", "/x", ",", "z", "\""}).Draw(t, "after")
		got := mask.String(before + n + after)
		if strings.Contains(got, n) || !strings.Contains(got, "[") {
			t.Fatalf("%q -> %q", before+n+after, got)
		}
		if again := mask.String(got); digits(again) != digits(got) {
			t.Fatalf("%q -> %q", got, again)
		}
	})
}

// Nothing panics, what comes out holds no more digits to mask, and no text hides an INS that stands beside it.
func FuzzString(f *testing.F) {
	for _, s := range []string{"185057800608436", "%31%38", `\31`, "a@patient.mssante.fr", "%", "\\", "%25", "1 85 05 78 006 084 36@patient.mssante.fr", "\xff１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 4096 {
			return
		}
		got := mask.String(s)
		if again := mask.String(got); digits(again) != digits(got) {
			t.Fatalf("%q -> %q -> %q", s, got, again)
		}
		if s == "1850578006084" && got != mask.INS {
			t.Fatal(got)
		}
		if embedded := mask.String(s + "|185057800608436|" + s); strings.Contains(embedded, "|185057800608436|") {
			t.Fatalf("%q", embedded)
		}
	})
}

func BenchmarkString(b *testing.B) {
	for name, s := range map[string]string{"plain": "GET /v1/professionals", "digits": "q=10001234567 73282932000074"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mask.String(s)
			}
		})
	}
}
