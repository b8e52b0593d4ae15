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
	if err := counted("ids", len(body.IDs)); err != nil {
		return err
	}
	ctx, n := c.Request().Context(), 0
	err := s.streamItems(c, func(put func(any) error) error {
		for _, id := range body.IDs {
			var out any
			if nat, f := pathProfessional.kind.parse(pathProfessional, id); f == nil {
				it, err := s.dir.Professional(ctx, nat)
				if err == nil {
					out = project(professional(it), req.values["fields"])
					n++
				} else if code := annuaire.CodeOf(err); code != annuaire.CodeNotFound && code != annuaire.CodeGone {
					return err
				}
			}
			if err := put(out); err != nil {
				return err
			}
		}
		return nil
	})
	s.charge(c, n)
	return err
}

func counted(name string, n int) error {
	if n < 1 || n > maxLookup {
		return invalid(name, "de 1 à %d valeurs sont attendues.", "from 1 to %d values are expected.", maxLookup)
	}
	return nil
}

// published says of each address whether it is still published: what an old address book wants to know.
func (s *Server) published(c echo.Context) error {
	var body struct {
		Addresses []string `json:"addresses"`
	}
	if err := readBody(c, &body); err != nil {
		return err
	}
	if err := counted("addresses", len(body.Addresses)); err != nil {
		return err
	}
	type line struct {
		Address   string   `json:"address"`
		Published bool     `json:"published"`
		Kind      *string  `json:"kind"`
		Owners    []string `json:"owners"`
		Rule      string   `json:"rule,omitempty"` // why it cannot be: the address of a patient
	}
	ctx, n := c.Request().Context(), 0
	err := s.streamItems(c, func(put func(any) error) error {
		for _, a := range body.Addresses {
			out := line{Address: a, Owners: []string{}}
			addr, f := parseAddress(pathMailbox, a)
			if patients(pathMailbox, a) {
				out.Rule = annuaire.RulePatientAddress
			} else if f == nil {
				m, err := s.dir.Mailbox(ctx, addr)
				if err == nil {
					out.Published, out.Kind, out.Owners = true, opt(string(m.Kind)), orEmpty(m.Owners)
					n++
				} else if annuaire.CodeOf(err) != annuaire.CodeNotFound {
					return err
				}
			}
			if err := put(out); err != nil {
				return err
			}
		}
		return nil
	})
	s.charge(c, n)
	return err
}

// streamItems writes {"as_of": ..., "items": [...]} item by item. An error after the first byte cuts the connection: a client never takes
// half an answer for a whole one.
func (s *Server) streamItems(c echo.Context, each func(put func(any) error) error) error {
	asOf, err := s.dir.AsOf(c.Request().Context())
	if err != nil {
		return err
	}
	head, err := encode(instant(asOf))
	if err != nil {
		return err
	}
	out, before := newStream(c, echo.MIMEApplicationJSON), "{\"as_of\":"+string(head[:len(head)-1])+",\"items\":["
	err = each(func(item any) error {
		b, err := encode(item)
		if err != nil {
			return err
		}
		err = out.text(before + string(b[:len(b)-1]))
		before = ","
		return err
	})
	if err != nil {
		return out.failed(err)
	}
	return out.text("]}\n")
}
