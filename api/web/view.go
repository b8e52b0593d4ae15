package web

import (
	"html/template"
	"strconv"
	"strings"
	"time"
)

// View is what every page knows: how to speak and where it stands.
type View struct {
	English  bool
	Path     string // of this page in French, with its query: "/professionnels?q=lyon"
	Training bool   // says FORMATION
	AsOf     time.Time
	Title    string // of the page, without the name of the site

	site *Site
}

// T is a text in the language of the page.
func (v View) T(french, english string) string {
	if v.English {
		return english
	}
	return french
}

// Lang is the language of the page.
func (v View) Lang() string { return v.T("fr", "en") }

// Link is an address of ours in the language of the page.
func (v View) Link(path string) string {
	if !v.English {
		return path
	}
	bare, query, asked := strings.Cut(path, "?")
	if bare = English(bare); asked {
		return bare + "?" + query
	}
	return bare
}

// Here is the address of this page, Other that of the same in the other language.
func (v View) Here() string { return v.Link(v.Path) }

// Other is the address of this page in the other language.
func (v View) Other() string {
	o := v
	o.English = !v.English
	return o.Link(v.Path)
}

// Fr marks words of the directory, which are French, on an English page (WCAG 3.1.2).
func (v View) Fr(s string) template.HTML {
	s = template.HTMLEscapeString(s)
	if v.English && s != "" {
		s = `<span lang="fr">` + s + `</span>`
	}
	return template.HTML(s) // escaped above
}

// Asset is the address of a file of the page; it changes with the file.
func (v View) Asset(name string) string { return v.site.assetURL(name) }

// N writes a number as people do: 12 345, or 12,345 in English.
func (v View) N(n int) string {
	s := strconv.Itoa(n)
	if n < 0 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(v.T("\u202f", ",")) // narrow no-break space
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Count writes a number with its word: French says 0 in the singular, English in the plural.
func (v View) Count(n int, frOne, frMany, enOne, enMany string) string {
	word := v.T(frMany, enMany)
	if n == 1 || n == 0 && !v.English {
		word = v.T(frOne, enOne)
	}
	return v.N(n) + "\u00a0" + word
}

var months = strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")

// Day writes a date: 1er novembre 2026, or 1 November 2026.
func (v View) Day(t time.Time) string {
	t = t.UTC()
	if v.English {
		return t.Format("2 January 2006")
	}
	day := strconv.Itoa(t.Day())
	if day == "1" {
		day = "1er"
	}
	return day + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// ISO writes a time for programs.
func (v View) ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Hour writes the hour of a time, in UTC.
func (v View) Hour(t time.Time) string { return t.UTC().Format("15:04") + "\u00a0UTC" }

// dialable reports whether a telephone can call s.
func dialable(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	return len(digits) >= 3 && strings.Trim(digits, "0123456789") == ""
}

// phone writes a number in E.164 as the French do: 04 66 00 00 00; another country's, and anything else, as it is.
func phone(s string) string {
	national, ok := strings.CutPrefix(s, "+33")
	if !ok || len(national) != 9 {
		return s
	}
	return "0" + national[:1] + " " + national[1:3] + " " + national[3:5] + " " + national[5:7] + " " + national[7:]
}

// DayFr writes a date in French whatever the page speaks.
func (v View) DayFr(t time.Time) string {
	v.English = false
	return v.Day(t)
}
