package api

import (
	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/names"
)

// verdict is the answer of verify.
type verdict struct {
	Result  string   `json:"result"` // match, mismatch, unknown, gone
	Differs []string `json:"differs"`
}

// verify compares an identity with the directory: folded equality only, never phonetics nor typing errors, and the fields that differ by
// name, not by value. A profession is its code or its label, of any practice.
func (s *Server) verify(c echo.Context) error {
	var asked struct {
		ID         string `json:"id"`
		Family     string `json:"family"`
		Given      string `json:"given"`
		Profession string `json:"profession"`
	}
	if err := readBody(c, &asked); err != nil {
		return err
	}
	for name, v := range map[string]string{"id": asked.ID, "family": asked.Family, "given": asked.Given} {
		if names.Fold(v) == "" {
			return invalid(name, "cette clé est nécessaire.", "this key is needed.")
		}
	}
	id, f := pathProfessional.kind.parse(pathProfessional, asked.ID)
	if f != nil {
		return f
	}
	it, err := s.dir.Professional(c.Request().Context(), id)
	switch code := annuaire.CodeOf(err); {
	case err == nil:
		s.charge(c, 1)
		return sendJSON(c, compare(it.Value, asked.Family, asked.Given, asked.Profession))
	case code == annuaire.CodeNotFound:
		return sendJSON(c, verdict{"unknown", []string{}})
	case code == annuaire.CodeGone:
		return sendJSON(c, verdict{"gone", []string{}})
	}
	return err
}

func compare(p annuaire.Professional, family, given, profession string) verdict {
	v := verdict{"match", []string{}}
	differs := func(field string, same bool) {
		if !same {
			v.Result, v.Differs = "mismatch", append(v.Differs, field)
		}
	}
	differs("family", names.Fold(p.Family) == names.Fold(family))
	differs("given", names.Fold(p.Given) == names.Fold(given))
	if asked := names.Fold(profession); asked != "" {
		same := false
		for _, pr := range p.Practices {
			same = same || names.Fold(pr.Profession.Code) == asked || names.Fold(pr.Profession.Label) == asked
		}
		differs("profession", same)
	}
	return v
}
