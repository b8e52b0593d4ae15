package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/spf13/cobra"
)

func mailboxExport() *cobra.Command {
	var r remoteServer
	var domains, states, kinds []string
	c := &cobra.Command{
		Use: "export", Short: "write the mailboxes of domains as a table that import takes", Args: args0,
		Long: `export writes the mailboxes of domains, red-listed ones too, as CSV in UTF-8: the columns of import. What holders chose is not in it: an
import does not change that either.`,
		RunE: func(c *cobra.Command, _ []string) error {
			w := csv.NewWriter(c.OutOrStdout())
			row := make([]string, len(boxColumns))
			for i, col := range boxColumns {
				row[i] = col.name
			}
			err := w.Write(row)
			if err == nil {
				err = r.eachBox(c, boxQuery(domains, states, kinds), func(raw json.RawMessage) error {
					cells, err := exported(raw)
					if err != nil {
						return err
					}
					return w.Write(cells)
				})
			}
			w.Flush()
			return errors.Join(err, w.Error())
		},
	}
	r.flags(c)
	c.Flags().StringSliceVar(&domains, "domain", nil, "mail domain (may be repeated); all of yours otherwise")
	c.Flags().StringSliceVar(&states, "state", nil, "active, suspended, closed, orphaned, red_listed (may be repeated)")
	c.Flags().StringSliceVar(&kinds, "kind", nil, "PER, ORG, CAB, APP (may be repeated)")
	return c
}

// exported is a box as a row of the table.
func exported(raw json.RawMessage) ([]string, error) {
	var b map[string]any
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	operators := func(name string) any { // of a choice, what the operator asked for
		m, _ := b[name].(map[string]any)
		return m["operator"]
	}
	if m, ok := b["structure"].(map[string]any); ok {
		b["structure_type"], b["structure_id"] = m["type"], m["id"]
	}
	b["red_list"], b["phone_opposed"] = operators("red_list"), operators("phone_opposed")
	b["closed"] = b["closed"] != nil
	out := make([]string, len(boxColumns))
	for i, c := range boxColumns {
		switch v := b[c.name].(type) {
		case string:
			out[i] = v
		case float64:
			out[i] = strconv.Itoa(int(v))
		case bool:
			if out[i] = "non"; v {
				out[i] = "oui"
			}
		}
	}
	return out, nil
}
