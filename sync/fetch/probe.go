package fetch

import (
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"annuaire"
)

// oneDeposit is how far apart the PS files of data.gouv.fr, each published on its own, may be deposited and still be those of one
// day: further apart, a publication is under way.
const oneDeposit = 6 * time.Hour

// Probe tells which version each address of a source has, in the order of its addresses, without a download. CodeUnavailable for a
// source that does not answer, CodeInvalid for one that answers what cannot be used.
func (c *Client) Probe(ctx context.Context, s Source) ([]Version, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	var out []Version
	for _, raw := range s.URLs {
		var v Version
		err := c.retry(ctx, s.Name, func() (err error) { v, err = c.head(ctx, raw); return err })
		if err != nil {
			return nil, away(s.Name, err)
		}
		if v.Length > c.o.MaxFile {
			return nil, tooLarge(v.Name, c.o.MaxFile)
		}
		out = append(out, v)
	}
	if err := oneSet(s, out); err != nil {
		return nil, err
	}
	return out, nil
}

// head asks for the head of a file, or for the file where a server knows no HEAD, and leaves its body.
func (c *Client) head(ctx context.Context, raw string) (Version, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	res, err := c.do(ctx, http.MethodHead, raw, nil)
	if err == nil && (res.StatusCode == http.StatusMethodNotAllowed || res.StatusCode == http.StatusNotImplemented) {
		_ = res.Body.Close()
		res, err = c.do(ctx, http.MethodGet, raw, nil)
	}
	if err != nil {
		return Version{}, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return Version{}, statusFault(res, time.Now())
	}
	v := versionOf(raw, res)
	if isPage(res.Header.Get("Content-Type"), nil) {
		return v, page(v.Name)
	}
	return v, nil
}

// oneSet refuses the files of a publication under way: those of yesterday beside those of today.
func oneSet(s Source, versions []Version) error {
	var first, last time.Time
	for _, v := range versions {
		if !strings.HasPrefix(strings.ToLower(v.Name), "ps-libreacces") || v.Stamp.IsZero() {
			continue
		}
		if first.IsZero() || v.Stamp.Before(first) {
			first = v.Stamp
		}
		if v.Stamp.After(last) {
			last = v.Stamp
		}
	}
	if last.Sub(first) <= oneDeposit {
		return nil
	}
	return annuaire.Errorf(annuaire.CodeUnavailable, "from", "publication en cours sur la source « "+s.Name+" » : ses fichiers ne sont pas du même jour",
		"a publication is under way at source "+s.Name+": its files are not of the same day", nil)
}

// isPage recognises a web page, which is what a service under maintenance sends in place of a file.
func isPage(contentType string, begin []byte) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	if media = strings.TrimSpace(media); media == "text/html" || media == "application/xhtml+xml" {
		return true
	}
	text := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(begin[:min(len(begin), 512)]), "\ufeff"), " \t\r\n"))
	return strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html")
}

func page(name string) error {
	return refused("la source envoie une page web à la place de %s : service en maintenance, ou adresse incorrecte",
		"the source sends a web page in place of %s: under maintenance, or a wrong address", name)
}

func tooLarge(name string, most int64) error {
	return refused("%s dépasse la taille admise (%d octets)", "%s is larger than allowed (%d bytes)", name, most)
}

// drain lets a connection be used again after a short answer.
func drain(r io.Reader) { _, _ = io.CopyN(io.Discard, r, 4<<10) }
