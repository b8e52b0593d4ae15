package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Confirmation is a question before what cannot be undone, and the flag --yes that answers it.
type Confirmation struct{ yes bool }

// Flag adds --yes.
func (q *Confirmation) Flag(c *cobra.Command, usage string) {
	c.Flags().BoolVar(&q.yes, "yes", false, usage)
}

// Yes reports whether --yes was given.
func (q *Confirmation) Yes() bool { return q.yes }

// Ask asks on the terminal, unless --yes was given. Whoever cannot be asked has not agreed: the error is what then was not done
// ("not deleted").
func (q *Confirmation) Ask(c *cobra.Command, question, otherwise string) error {
	if q.yes || Confirmed(c, question) {
		return nil
	}
	return errors.New(otherwise)
}

// Confirmed asks a question and reports whether the answer is yes, in French or in English.
func Confirmed(c *cobra.Command, question string) bool {
	fmt.Fprint(c.ErrOrStderr(), question)
	var answer string
	_, _ = fmt.Fscanln(c.InOrStdin(), &answer) // no answer is no
	switch strings.ToLower(answer) {
	case "y", "yes", "o", "oui":
		return true
	}
	return false
}
