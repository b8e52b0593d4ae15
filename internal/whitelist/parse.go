package whitelist

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"annuaire/internal/mailaddr"
)

// Limits of a published list: it has some thousands of domains in some hundred kilobytes.
const (
	MaxBytes   = 8 << 20
	maxDomains = 100_000
)

// namespace is that of the published list (listeblanchemssante.xml). Its root element is not looked at.
const namespace = "https://listeblanche.mssante.fr/schema"

// errEmpty is the fault of a list without a domain: a page of an error, or another document.
var errEmpty = errors.New("whitelist: no domain in it (elements Domaine/Nom of " + namespace + ")")

// Parse reads a published list and returns its domains in ASCII form, sorted, once each, and how many names are no domain. A document that
// is cut short, too large or without any domain is an error: the list of before is better.
func Parse(r io.Reader) (domains []string, unreadable int, err error) {
	limited := &io.LimitedReader{R: r, N: MaxBytes + 1}
	dec := xml.NewDecoder(limited)
	dec.CharsetReader = latin
	var path []xml.Name
	var name strings.Builder
	for {
		tok, err := dec.Token()
		switch {
		case limited.N <= 0:
			return nil, 0, fmt.Errorf("whitelist: larger than %d bytes", MaxBytes)
		case errors.Is(err, io.EOF):
			if len(domains) == 0 {
				return nil, unreadable, errEmpty
			}
			slices.Sort(domains)
			return slices.Compact(domains), unreadable, nil
		case err != nil:
			return nil, 0, fmt.Errorf("whitelist: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if path = append(path, t.Name); len(path) > 32 {
				return nil, 0, errors.New("whitelist: elements within elements within elements")
			}
			name.Reset()
		case xml.CharData:
			if named(path) {
				name.Write(t)
			}
		case xml.EndElement:
			if named(path) {
				d, err := mailaddr.ASCII(strings.TrimSpace(name.String()))
				if err != nil {
					unreadable++
				} else if domains = append(domains, d); len(domains) > maxDomains {
					return nil, 0, fmt.Errorf("whitelist: more than %d domains", maxDomains)
				}
			}
			path = path[:len(path)-1]
		}
	}
}

// named reports whether a path ends in Domaine/Nom.
func named(path []xml.Name) bool {
	n := len(path)
	return n >= 2 && path[n-1] == xml.Name{Space: namespace, Local: "Nom"} && path[n-2] == xml.Name{Space: namespace, Local: "Domaine"}
}

func latin(charset string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "iso-8859-1", "iso-8859-15", "windows-1252":
		return charmap.Windows1252.NewDecoder().Reader(r), nil
	}
	return nil, fmt.Errorf("unknown encoding %q", charset)
}
