package api

import (
	"github.com/labstack/echo/v4"

	"annuaire"
)

// maxLookup is how many identifiers or addresses one request may ask about.
const maxLookup = 1000

// lookupMany answers about many identifiers, in their order, null for who is not in the directory: unknown, gone, or no identifier at
// all. The answer is written as it is read.
func (s *Server) lookupMany(c echo.Context, req *request) error {
	var body struct {
		IDs []string `json:"ids"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	n := 0
	err := s.streamItems(c, "ids", body.IDs, func(id string) (any, error) {
		national, f := pathProfessional.kind.parse(pathProfessional, id)
		if f != nil {
			return nil, nil
		}
		it, err := s.dir.Professional(c.Request().Context(), national)
		switch code := annuaire.CodeOf(err); {
		case err == nil:
			n++
			return project(professional(it), req.values["fields"]), nil
		case code == annuaire.CodeNotFound, code == annuaire.CodeGone:
			return nil, nil
		}
		return nil, err
	})
	s.charge(c, n)
	return err
}

// published says of each address whether it is still published: what an old address book wants to know.
func (s *Server) published(c echo.Context) error {
	var body struct {
		Addresses []string `json:"addresses"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	type line struct {
		Address   string   `json:"address"`
		Published bool     `json:"published"`
		Kind      *string  `json:"kind"`
		Owners    []string `json:"owners"`
		Rule      string   `json:"rule,omitempty"` // why it cannot be: the address of a patient
	}
	n := 0
	err := s.streamItems(c, "addresses", body.Addresses, func(a string) (any, error) {
		out := line{Address: a, Owners: []string{}}
		addr, f := parseAddress(pathMailbox, a)
		if patients(pathMailbox, a) {
			out.Rule = annuaire.RulePatientAddress
			return out, nil
		}
		if f != nil {
			return out, nil
		}
		m, err := s.dir.Mailbox(c.Request().Context(), addr)
		if err == nil {
			out.Published, out.Kind, out.Owners = true, opt(string(m.Kind)), orEmpty(m.Owners)
			n++
		} else if annuaire.CodeOf(err) == annuaire.CodeNotFound {
			err = nil
		}
		return out, err
	})
	s.charge(c, n)
	return err
}

// streamItems writes {"as_of": ..., "items": [...]}, the item of each thing that is asked about under a name as it is found. An error after the
// first byte cuts the connection: a client never takes half an answer for a whole one.
func (s *Server) streamItems(c echo.Context, name string, about []string, item func(string) (any, error)) error {
	if n := len(about); n < 1 || n > maxLookup {
		return invalid(name, "de 1 à %d valeurs sont attendues.", "from 1 to %d values are expected.", maxLookup)
	}
	asOf, err := s.dir.AsOf(c.Request().Context())
	if err != nil {
		return err
	}
	head, err := encode(instant(asOf))
	if err != nil {
		return err
	}
	out, before := newStream(c, echo.MIMEApplicationJSON), `{"as_of":`+string(head[:len(head)-1])+`,"items":[`
	for _, a := range about {
		v, err := item(a)
		if err != nil {
			return out.failed(err)
		}
		b, err := encode(v)
		if err != nil {
			return out.failed(err)
		}
		if err := out.text(before + string(b[:len(b)-1])); err != nil {
			return out.failed(err)
		}
		before = ","
	}
	return out.text("]}\n")
}
