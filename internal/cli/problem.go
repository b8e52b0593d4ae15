package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"annuaire"
)

// Problem is the error that a problem document (RFC 9457) tells of: its code, its parameter and its rule, worded as the server worded it; nil
// for an answer that is a success.
func Problem(status int, body []byte) error {
	if status < 300 {
		return nil
	}
	var p struct{ Type, Detail, Parameter, Rule string }
	if err := json.Unmarshal(body, &p); err != nil || p.Detail == "" {
		return fmt.Errorf("answer %d: %.200q", status, body)
	}
	return annuaire.Errorf(annuaire.Code(strings.TrimPrefix(p.Type, "/problems/")), p.Parameter, p.Detail, p.Detail, nil).Because(p.Rule)
}
