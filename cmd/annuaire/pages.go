package main

import (
	"fmt"
	"io"
)

// pagesAt says first where the public page is: it is what most people look for.
func (s *server) pagesAt(w io.Writer) {
	if !s.cfg.HTTP.Pages {
		return
	}
	if s.ln != nil {
		fmt.Fprintf(w, "  page   http://%s/\n", s.ln.Addr())
	}
	if s.lns != nil {
		fmt.Fprintf(w, "  page   https://%s/\n", s.lns.Addr())
	}
}
