package boxtable

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// Export writes boxes as a table that Table reads: each calls its argument with every box, as REST shows it.
func Export(w io.Writer, each func(func(json.RawMessage) error) error) error {
	out := csv.NewWriter(w)
	row := make([]string, len(columns))
	for i, col := range columns {
		row[i] = col.name
	}
	err := out.Write(row)
	if err == nil {
		err = each(func(box json.RawMessage) error {
			row, err := cells(box)
			if err != nil {
				return err
			}
			return out.Write(row)
		})
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

// cells is a box as a row of the table. Of a choice, it has what the operator asked for.
func cells(box json.RawMessage) ([]string, error) {
	var b map[string]any
	if err := json.Unmarshal(box, &b); err != nil {
		return nil, err
	}
	operators := func(name string) any {
		m, _ := b[name].(map[string]any)
		return m["operator"]
	}
	if m, ok := b["structure"].(map[string]any); ok {
		b["structure_type"], b["structure_id"] = m["type"], m["id"]
	}
	b["red_list"], b["phone_opposed"] = operators("red_list"), operators("phone_opposed")
	b["closed"] = b["closed"] != nil
	out := make([]string, len(columns))
	for i, c := range columns {
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
