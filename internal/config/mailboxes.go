package config

import (
	"regexp"
	"strings"
	"time"

	"github.com/samber/lo"
)

// Mailboxes is what governs the registration of mailboxes.
type Mailboxes struct {
	WhiteList      string   `toml:"white_list"`       // listeblanchemssante.xml: a file, or its https address; "" is none
	WhiteListEvery string   `toml:"white_list_every"` // how often an address is asked, as "6h"; a file is taken up when it changes
	ExtraDomains   []string `toml:"extra_domains"`    // listed beside those of the white list
	Terms          string   `toml:"terms"`            // version in force of the terms of use (conditions générales), which operators attest
	OrphanDelay    string   `toml:"orphan_delay"`     // a box whose holder left the directory is deleted after it, as "90d"; "" or "0" is never
	Delegable      []string `toml:"delegable"`        // domains whose personal boxes their holders may delegate, unless a box says otherwise
	ApicryptDomain string   `toml:"apicrypt_domain"`  // of the bridge of Apicrypt, which is no contact address; "" is none
}

func defaultMailboxes() Mailboxes {
	return Mailboxes{WhiteListEvery: "6h", ExtraDomains: []string{}, Terms: "1.0", OrphanDelay: "90d", Delegable: []string{}, ApicryptDomain: "interop-mssante.apicrypt.org"}
}

var termsPattern = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$`)

func (m Mailboxes) check(f *faults) {
	if strings.Contains(m.WhiteList, "://") {
		f.web("mailboxes.white_list", m.WhiteList)
	}
	every, err := Duration(m.WhiteListEvery)
	f.want(err == nil && every >= time.Minute, "mailboxes.white_list_every: a minute at least, as \"6h\" (got %q)", m.WhiteListEvery)
	f.keeping("mailboxes.orphan_delay", m.OrphanDelay)
	f.want(termsPattern.MatchString(m.Terms), "mailboxes.terms: a version such as 1.0 (got %q)", m.Terms)
	for name, list := range map[string][]string{"extra_domains": m.ExtraDomains, "delegable": m.Delegable, "apicrypt_domain": lo.Compact([]string{m.ApicryptDomain})} {
		for _, d := range list {
			f.want(len(d) <= 253 && domainName.MatchString(d), "mailboxes.%s: a domain such as chu-x.mssante.fr (got %q)", name, d)
		}
	}
}

// Orphans is after how long a box without holder is deleted; 0 is never.
func (m Mailboxes) Orphans() time.Duration { return known(m.OrphanDelay) }

// ListEvery is how often the address of the white list is asked.
func (m Mailboxes) ListEvery() time.Duration { return known(m.WhiteListEvery) }
