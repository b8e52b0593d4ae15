package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// codeMedia is the code of a body that is not JSON.
const codeMedia annuaire.Code = "unsupported_media_type"

// readBody reads the one JSON object of a request, strictly: an unknown key, a wrong type or anything after it is refused by name.
func readBody(c echo.Context, into any) error {
	r := c.Request()
	if media, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType)); err != nil || media != echo.MIMEApplicationJSON {
		return echo.ErrUnsupportedMediaType
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return bodyFault(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return invalid("body", "le corps contient autre chose après l'objet JSON.", "the body holds something after the JSON object.")
	}
	return nil
}

// readBodyIfAny is readBody where a request may come without.
func readBodyIfAny(c echo.Context, into any) error {
	if c.Request().ContentLength == 0 {
		return nil
	}
	return readBody(c, into)
}

func bodyFault(err error) error {
	var large *http.MaxBytesError
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &large):
		return echo.ErrStatusRequestEntityTooLarge
	case errors.As(err, &typed):
		return invalid(typed.Field, "valeur d'un autre type que celui attendu.", "value of another type than expected.")
	case strings.Contains(err.Error(), "unknown field"):
		_, name, _ := strings.Cut(err.Error(), "unknown field ")
		return invalid(strings.Trim(name, `"`), "clé inconnue dans le corps.", "unknown key in the body.")
	}
	return invalid("body", "le corps n'est pas un objet JSON en UTF-8.", "the body is not a JSON object in UTF-8.")
}
