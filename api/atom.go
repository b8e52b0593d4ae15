package api

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/xml"
	"fmt"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// Runs knows the runs that changed what is shown, the latest first.
type Runs interface {
	Publications(ctx context.Context, n int) ([]annuaire.Publication, error)
}

// atomEntries is how many runs the feed has: two months of daily ones.
const atomEntries = 60

// mimeAtom is the media type of RFC 4287, 7.
const mimeAtom = "application/atom+xml; charset=utf-8"

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Rights   string      `xml:"rights"`
	Author   string      `xml:"author>name"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []atomLink `xml:"link"`
	Content atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// atom tells of the runs as an Atom feed (RFC 4287). It counts, and names nobody.
func (s *Server) atom(c echo.Context) error {
	if s.opts.Runs == nil {
		return echo.ErrNotFound
	}
	runs, err := s.opts.Runs.Publications(c.Request().Context(), atomEntries)
	if err != nil {
		return err
	}
	body, err := encodeAtom(runs, s.mode())
	if err != nil {
		return err
	}
	return sendTaggedAs(c, mimeAtom, body)
}

func encodeAtom(runs []annuaire.Publication, mode string) ([]byte, error) {
	f := atomFeed{Lang: "fr", ID: uuidOf("annuaire runs"), Title: "Annuaire Santé : mises à jour", Subtitle: "Updates of the directory: who came, changed and left, in figures",
		Author: "Annuaire Santé", Rights: "Source : Annuaire Santé, Agence du Numérique en Santé, Licence Ouverte 2.0", Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{{"self", "application/atom+xml", "/v1/sync/runs.atom"}}}
	if mode != "" {
		f.Title += " — " + mode
	}
	for i, r := range runs {
		at := r.Published.UTC().Format(time.RFC3339)
		if i == 0 {
			f.Updated = at
		}
		f.Entries = append(f.Entries, atomEntry{ID: uuidOf("annuaire run " + r.Run + " " + r.Extract.UTC().Format(time.RFC3339)), Title: atomTitle(r), Updated: at,
			Links: []atomLink{{"related", mimeNDJSON, "/v1/changes"}}, Content: atomText{"text", atomContent(r)}})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(f); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func atomTitle(r annuaire.Publication) string {
	what := "mise à jour"
	if r.Loaded {
		what = "chargement complet"
	}
	return fmt.Sprintf("Extraction du %s : %s (%s)", r.Extract.UTC().Format("2006-01-02 15:04"), what, r.Run)
}

func atomContent(r annuaire.Publication) string {
	line := func(french, english string, t annuaire.Counts) string {
		return fmt.Sprintf("%s / %s : %d nouveaux, %d modifiés, %d partis\n", french, english, t.Created, t.Changed, t.Gone)
	}
	text := line("professionnels", "people", r.People) + line("structures", "structures", r.Structures) + line("boîtes aux lettres", "mailboxes", r.Boxes)
	if !r.Mailboxes.IsZero() {
		text += "extraction MSSanté du " + r.Mailboxes.UTC().Format("2006-01-02 15:04") + "\n"
	}
	return text
}

// atomSpace is the name space of the ids of the feed: the same run has the same id whatever host it is read from.
const atomSpace = "annuaire.sante/atom\x00"

// uuidOf is a name-based identifier (RFC 9562, 5.5).
func uuidOf(name string) string {
	b := sha1.Sum([]byte(atomSpace + name))
	b[6], b[8] = b[6]&0x0f|0x50, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
