package main

import (
	"crypto/tls"
	"fmt"
	"net"

	"annuaire/internal/cli"
	"annuaire/internal/control"
	"annuaire/internal/tlsfiles"
)

// certificate opens the files of [tls], if there are any.
func (s *server) certificate() (err error) {
	if s.cfg.TLS.Cert == "" {
		return nil
	}
	s.files, err = tlsfiles.Open(s.cfg.TLS.Cert, s.cfg.TLS.Key, func(err error) {
		s.log.Error("the new certificate cannot be used: the old one stays", "error", err.Error())
	})
	if err == nil && s.cfg.TLS.ClientCA != "" {
		if s.clients, err = tlsfiles.Authorities(s.cfg.TLS.ClientCA); err != nil {
			err = fmt.Errorf("tls.client_ca: %w", err)
		}
	}
	if err != nil {
		return cli.Usage(err)
	}
	return nil
}

// listen opens every address of [listen], and the control socket.
func (s *server) listen() (err error) {
	l := s.cfg.Listen
	for _, at := range []struct {
		addr string
		to   *net.Listener
	}{{l.HTTP, &s.ln}, {l.HTTPS, &s.lns}, {l.LDAP, &s.ldapLn}, {l.LDAPS, &s.ldapLns}} {
		if at.addr == "" {
			continue
		}
		if *at.to, err = net.Listen("tcp", at.addr); err != nil {
			s.closeListeners()
			return fmt.Errorf("listen on %s: %w", at.addr, err)
		}
	}
	if s.lns != nil {
		s.lns = tls.NewListener(s.lns, s.tls())
	}
	if s.control, err = control.Listen(socket(s.cfg)); err != nil { // now, so that whoever sees that the service is there can use it
		s.log.Error("no control socket: sync, check and search need the server stopped", "error", err.Error())
	}
	return nil
}

func (s *server) closeListeners() {
	for _, ln := range []net.Listener{s.ln, s.lns, s.ldapLn, s.ldapLns} {
		if ln != nil {
			_ = ln.Close() // nothing was served on it
		}
	}
}
