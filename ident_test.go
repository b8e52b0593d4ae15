package annuaire

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNationalID(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		ok       bool
	}{
		"an RPPS number gets its type digit":          {"99012345679", "899012345679", true},
		"an ADELI number gets its type digit":         {"759912345", "0759912345", true},
		"a national identifier stays as it is":        {"899012345679", "899012345679", true},
		"an ADELI national identifier stays as it is": {"0759912345", "0759912345", true},
		"spaces are dropped":                          {" 990 1234 5679 ", "899012345679", true},
		"letters of Corsican numbers are upper-cased": {"2a9912345", "02A9912345", true},
		"a wrong check digit is not refused":          {"99012345670", "899012345670", true},
		"another length is not an identifier":         {"12345", "", false},
		"a name is not an identifier":                 {"dupont", "", false},
		"signs are refused":                           {"990-1234-567", "", false},
		"digits of another script are refused":        {"٩٩٠١٢٣٤٥٦٧٩", "", false},
		"nothing is not an identifier":                {"", "", false},
		"a NUL inside is refused":                     {"9901234567\x00", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := NationalID(c.in); got != c.want || ok != c.ok {
				t.Fatalf("NationalID(%q) = %q, %t; want %q, %t", c.in, got, ok, c.want, c.ok)
			}
		})
	}
}

func TestRPPSOf(t *testing.T) {
	for id, want := range map[string]string{"899012345679": "99012345679", "0759912345": "", "": "", "799012345679": ""} {
		if got := RPPSOf(id); got != want {
			t.Errorf("RPPSOf(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestLuhn(t *testing.T) {
	t.Run("known numbers", func(t *testing.T) {
		for s, want := range map[string]bool{"79927398713": true, "79927398710": false, "0": true, "": false, "12a4": false} {
			if Luhn(s) != want {
				t.Errorf("Luhn(%q) = %t", s, !want)
			}
		}
	})
	t.Run("the key makes any digits pass, and no other digit does", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			s := rapid.StringMatching(`[0-9]{1,16}`).Draw(t, "digits")
			for d := byte('0'); d <= '9'; d++ {
				if Luhn(s+string(d)) != (d == LuhnKey(s)) {
					t.Fatalf("%s%c", s, d)
				}
			}
		})
	})
}
