package dispatch

import (
	"html"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
)

// elements are what an alert in HTML may be made of. None has an attribute, but a its href.
var elements = []string{"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "h2", "h3", "a"}

// policy is the second lock, for what goes out: it keeps the same elements and nothing else.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(elements...)
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https")
	p.RequireParseableURLs(true)
	return p
}()

// simpleHTML refuses what is not simple HTML, by name: nothing is taken out in silence, the author approves what is sent. The text of a link
// is the address it leads to.
func simpleHTML(name, s string) error {
	z := xhtml.NewTokenizer(strings.NewReader(s))
	href, text := "", strings.Builder{}
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			if href != "" {
				return hidden(name)
			}
			return nil
		case xhtml.CommentToken, xhtml.DoctypeToken:
			return refuse("html_not_simple", name, "ni commentaire ni déclaration.", "no comment and no declaration.")
		case xhtml.TextToken:
			if href == "" {
				if err := plainLinks(name, html.UnescapeString(string(z.Raw()))); err != nil {
					return err
				}
			}
			text.Write(z.Raw())
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			t := z.Token()
			if err := simpleTag(name, t); err != nil {
				return err
			}
			if t.Data != "a" {
				continue
			}
			if href != "" || len(t.Attr) != 1 || plainLink(name, t.Attr[0].Val) != nil {
				return hidden(name)
			}
			href = t.Attr[0].Val
			text.Reset()
		case xhtml.EndTagToken:
			if t := z.Token(); t.Data == "a" {
				if strings.TrimSpace(html.UnescapeString(text.String())) != href {
					return hidden(name)
				}
				href = ""
			}
		}
	}
}

func simpleTag(name string, t xhtml.Token) error {
	if !slices.Contains(elements, t.Data) {
		return refuse("html_not_simple", name, "l'élément %q n'est pas admis ; admis : %s.", "the element %q is not allowed; allowed: %s.", shown(t.Data), strings.Join(elements, ", "))
	}
	for _, a := range t.Attr {
		if t.Data != "a" || a.Key != "href" {
			return refuse("html_not_simple", name, "l'attribut %q n'est pas admis.", "the attribute %q is not allowed.", shown(a.Key))
		}
	}
	return nil
}

func hidden(name string) error {
	return refuse("link_not_plain", name, "le texte d'un lien est l'adresse où il mène, en entier : <a href=\"https://…\">https://…</a>.",
		"the text of a link is the whole address it leads to: <a href=\"https://…\">https://…</a>.")
}

// shown shortens what is repeated to the author.
func shown(s string) string {
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

// htmlOf makes simple HTML of a plain text: paragraphs, line breaks, links.
func htmlOf(s string) string {
	var b strings.Builder
	for para := range strings.SplitSeq(s, "\n\n") {
		if para = strings.TrimSpace(para); para == "" {
			continue
		}
		b.WriteString("<p>")
		for i, l := range strings.Split(para, "\n") {
			if i > 0 {
				b.WriteString("<br>\n")
			}
			b.WriteString(linked(l))
		}
		b.WriteString("</p>\n")
	}
	return b.String()
}

// linked escapes a line and makes its links links.
func linked(s string) string {
	var b strings.Builder
	for _, l := range linksIn(s) {
		before, after, _ := strings.Cut(s, l)
		b.WriteString(html.EscapeString(before))
		b.WriteString(`<a href="` + html.EscapeString(l) + `">` + html.EscapeString(l) + `</a>`)
		s = after
	}
	return b.String() + html.EscapeString(s)
}
