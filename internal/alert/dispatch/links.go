package dispatch

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// An address in a text: whatever begins as one, up to a blank or a bracket.
var address = regexp.MustCompile(`(?i)(?:\b[a-z][a-z0-9+.-]*://|\bwww\.|\bmailto:|\bjavascript:|\bdata:)[^\s<>"'«»]*`)

// shorteners hide where a link leads; readers are taught to follow none.
var shorteners = []string{"bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "buff.ly", "lnkd.in", "cutt.ly", "rb.gy", "urlr.me", "shorturl.at", "tiny.cc", "t.ly", "v.gd", "rebrand.ly", "swll.to", "dlvr.it"}

// linksIn returns the addresses in a text, without the punctuation that follows them.
func linksIn(s string) (out []string) {
	for _, l := range address.FindAllString(s, -1) {
		out = append(out, strings.TrimRight(l, ".,;:!?)]}…"))
	}
	return out
}

// plainLinks refuses an address that is not a plain full link.
func plainLinks(name, s string) error {
	for _, l := range linksIn(s) {
		if err := plainLink(name, l); err != nil {
			return err
		}
	}
	return nil
}

// plainLink wants an https address as a reader can check it: a host of ASCII letters, no name, password or port, nothing that hides it.
func plainLink(name, l string) error {
	u, err := url.Parse(l)
	host := ""
	if err == nil {
		host = strings.ToLower(u.Hostname())
	}
	switch {
	case err != nil || u.Scheme != "https" || u.User != nil || u.Port() != "" || !strings.Contains(host, ".") || strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--") ||
		strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" || strings.Trim(host, "0123456789.") == "":
		return refuse("link_not_plain", name, "seuls des liens complets sont admis : https://, un nom de domaine en clair, sans port ni identifiant.",
			"only full links are allowed: https://, a domain name in clear, without port or user.")
	case slices.Contains(shorteners, strings.TrimPrefix(host, "www.")):
		return refuse("link_shortened", name, "les liens raccourcis ne sont pas admis : le lecteur doit voir où ils mènent.",
			"shortened links are not allowed: the reader must see where they lead.")
	}
	return nil
}
