package main

import (
	"fmt"
	"io"
	"net"
	"time"

	"annuaire/internal/cli"
	"annuaire/internal/config"
)

// banner says where to ask and how old the data is: first where the public page is, which is what most people look for.
func (s *server) banner(w io.Writer) {
	fmt.Fprintf(w, "annuaire %s, data in %s", version, s.cfg.Data)
	if s.cfg.Mode == config.Training {
		fmt.Fprint(w, " — FORMATION")
	}
	fmt.Fprintln(w)
	at := func(what, scheme string, ln net.Listener, path string) {
		if ln != nil {
			fmt.Fprintf(w, "  %-6s %s://%s%s\n", what, scheme, ln.Addr(), path)
		}
	}
	if s.cfg.HTTP.Pages {
		at("page", "http", s.ln, "/")
		at("page", "https", s.lns, "/")
	}
	at("REST", "http", s.ln, "/v1/professionals")
	at("REST", "https", s.lns, "/v1/professionals")
	at("LDAP", "ldap", s.ldapLn, "/"+s.cfg.LDAP.MailboxBase)
	at("LDAP", "ldaps", s.ldapLns, "/"+s.cfg.LDAP.MailboxBase)
	info, err := s.d.Info()
	if err != nil || info.Extract.IsZero() {
		fmt.Fprintf(w, "  no data yet: annuaire sync --data %s --from PATH\n", s.cfg.Data)
		return
	}
	fmt.Fprintf(w, "  data of %s, %s old\n", info.Extract.Format(time.RFC3339), cli.Age(time.Since(info.Extract)))
}
