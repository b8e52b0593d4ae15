package show

import (
	"fmt"
	"io"
	"strings"
	"time"

	"annuaire"
	"annuaire/internal/cli"
)

// Tokens writes tokens, and which of them are good now.
func Tokens(w io.Writer, all []annuaire.Token, now time.Time) error {
	return cli.Table(w, "ID\tNAME\tROLES\tOPERATOR\tDOMAINS\tEXPIRES\tSTATE", func(t io.Writer) {
		for _, k := range all {
			roles := make([]string, len(k.Roles))
			for i, r := range k.Roles {
				roles[i] = string(r)
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, strings.Join(roles, ","), k.Operator, strings.Join(k.Domains, ","),
				k.Expires.Format(time.DateOnly), tokenState(k, now))
		}
	})
}

func tokenState(t annuaire.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case now.After(t.Expires):
		return "expired"
	}
	return "good"
}
