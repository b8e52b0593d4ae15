package api

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// The identifiers in paths are read like the parameters of the same kind.
var (
	pathProfessional = &param{name: "id", kind: kindNational}
	pathStructure    = &param{name: "id", kind: kindTechID}
	pathMailbox      = &param{name: "address", kind: kindAddress}
)

// pathText reads a part of a path as it was meant. The router leaves escapes alone when the path holds unusual ones, and gives the last part
// with everything that follows, slashes included.
func pathText(c echo.Context, name string, maxRunes int) (string, error) {
	v := c.Param(name)
	if strings.Contains(v, "/") {
		return "", echo.ErrNotFound // a sub-resource that does not exist
	}
	if c.Request().URL.RawPath != "" {
		var err error
		if v, err = url.PathUnescape(v); err != nil { // the server has refused such paths already
			return "", echo.ErrNotFound
		}
	}
	switch {
	case !clean(v):
		return "", invalid(name, "mal encodé.", "badly encoded.")
	case utf8.RuneCountInString(v) > maxRunes:
		return "", invalid(name, "valeur trop longue : %d caractères au plus.", "value too long: %d characters at most.", maxRunes)
	}
	return v, nil
}

// pathValue reads an identifier in a path as the parameters of the same kind are read.
func pathValue(c echo.Context, p *param) (string, error) {
	v, err := pathText(c, p.name, maxValueRunes)
	if err != nil {
		return "", err
	}
	v = strings.TrimSpace(v)
	switch {
	case patients(p, v):
		return "", &fault{err: annuaire.PatientAddress(p.name)}
	case v == "":
		return "", invalid(p.name, "valeur vide.", "empty value.")
	}
	v, f := p.kind.parse(p, v)
	if f != nil {
		return "", f
	}
	return v, nil
}

// refused gives an error about the identifier its name in the path.
func refused(err error, p *param) error {
	return blamed(err, func(string) string { return p.name })
}

func (s *Server) oneProfessional(c echo.Context, req *request) error {
	id, err := pathValue(c, pathProfessional)
	if err != nil {
		return err
	}
	it, err := s.dir.Professional(c.Request().Context(), id)
	if err != nil {
		return refused(err, pathProfessional)
	}
	boxes, err := s.structureBoxes(c.Request().Context(), it)
	if err != nil {
		return err
	}
	d := professional(it).(professionalDTO)
	d.StructureMailboxes = boxes
	s.charge(c, 1)
	return sendTagged(c, project(d, req.values["fields"]))
}

func (s *Server) oneStructure(c echo.Context, req *request) error {
	id, err := pathValue(c, pathStructure)
	if err != nil {
		return err
	}
	v, err := s.dir.Structure(c.Request().Context(), id)
	if err != nil {
		return refused(err, pathStructure)
	}
	return sendTagged(c, project(structure(annuaire.Item[annuaire.Structure]{Value: v}), req.values["fields"]))
}

func (s *Server) oneMailbox(c echo.Context, req *request) error {
	addr, err := pathValue(c, pathMailbox)
	if err != nil {
		return err
	}
	if done, err := s.private(c, addr); done {
		return err
	}
	v, err := s.dir.Mailbox(c.Request().Context(), addr)
	if a, perr := mailaddr.Parse(addr); annuaire.CodeOf(err) == annuaire.CodeNotFound && perr == nil && a.String() != addr { // another writing of its domain
		v, err = s.dir.Mailbox(c.Request().Context(), a.String())
	}
	if err != nil {
		return refused(err, pathMailbox)
	}
	return sendTagged(c, project(mailbox(annuaire.Item[annuaire.Mailbox]{Value: v}), req.values["fields"]))
}
