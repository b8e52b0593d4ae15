package api

import (
	"github.com/labstack/echo/v4"

	"annuaire"
)

// offered refuses what this server was not given the means of: CodeUnavailable, in the words of what is not there.
func offered(there bool, french, english string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if there {
			return next
		}
		return func(echo.Context) error { return annuaire.Errorf(annuaire.CodeUnavailable, "", french, english, nil) }
	}
}
