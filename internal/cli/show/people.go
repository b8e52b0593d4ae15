package show

import (
	"encoding/json"
	"fmt"
	"io"

	"annuaire/internal/cli"
)

// people is what is shown of an answer of GET /v1/professionals.
type people struct {
	Total int
	Items []struct {
		ID, Family, Given string
		Practices         []struct{ Profession struct{ Label string } }
		Activities        []struct {
			Address *struct {
				City       string
				PostalCode string `json:"postal_code"`
			}
		}
		Mailboxes []struct{ Address string }
	}
}

// People writes an answer of GET /v1/professionals as a table.
func People(w io.Writer, answer []byte) error {
	var page people
	if err := json.Unmarshal(answer, &page); err != nil {
		return err
	}
	err := cli.Table(w, "", func(t io.Writer) {
		for _, it := range page.Items {
			profession, place, box := "", "", ""
			if len(it.Practices) > 0 {
				profession = it.Practices[0].Profession.Label
			}
			if len(it.Activities) > 0 && it.Activities[0].Address != nil {
				place = it.Activities[0].Address.PostalCode + " " + it.Activities[0].Address.City
			}
			if len(it.Mailboxes) > 0 {
				box = it.Mailboxes[0].Address
			}
			fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", it.ID, it.Family, it.Given, profession, place, box)
		}
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%d of %d\n", len(page.Items), page.Total)
	return err
}
