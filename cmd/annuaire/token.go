package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/samber/lo"
	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/access"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/directory"
)

// tokenRequest is one of new, list, revoke.
type tokenRequest struct {
	Do  string                `json:"do"`
	New annuaire.TokenRequest `json:"new"`
	ID  string                `json:"id"`
	By  string                `json:"by"` // the person at the keyboard
}

type tokenAnswer struct {
	Tokens []annuaire.Token `json:"tokens"`
	Secret string           `json:"secret,omitempty"`
}

func tokenCommand() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "API tokens: new, list, revoke"}
	c.AddCommand(tokenNew(), tokenList(), tokenRevoke())
	return c
}

func tokenNew() *cobra.Command {
	var s settings
	var out cli.Output
	var req annuaire.TokenRequest
	var expires string
	var roles []string
	c := &cobra.Command{
		Use:   "new --name NAME --role ROLE",
		Short: "make a token and print it, once",
		Long: "new makes a token and prints its secret: it is kept as a hash only, and cannot be shown again.\n\nThe token of an operator belongs to --operator: one of [[operators]] of the configuration, or any name; without it, to the operator that has\nits domains already, else to --name. A domain has one operator. Without --domain it is good for all that the configuration gives to --operator.\n\nRoles: " +
			strings.Join(lo.Map(annuaire.Roles, func(r annuaire.Role, _ int) string { return string(r) }), ", "),
		Example: "  annuaire token new --name 'éditeur X' --role reader\n  annuaire token new --name 'Y, 2027' --role operator --operator Y --domain y.mssante.fr --expires 90d",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			life, err := cli.Duration(expires)
			if err != nil {
				return cli.Usage(fmt.Errorf("--expires: %w", err))
			}
			req.Life = min(life, access.MaxLife)
			req.Roles = lo.Map(roles, func(r string, _ int) annuaire.Role { return annuaire.Role(r) })
			got, err := tokens(c, &s, tokenRequest{Do: "new", New: req})
			if err != nil {
				return err
			}
			return out.Value(c.OutOrStdout(), got, func(w io.Writer) error {
				t, about := got.Tokens[0], c.ErrOrStderr()
				if t.Operator != "" {
					fmt.Fprintf(about, "of the operator %q\n", t.Operator)
				}
				fmt.Fprintf(about, "token %s for %q, until %s; it will not be shown again:\n", t.ID, t.Name, t.Expires.Format(time.DateOnly))
				_, err := fmt.Fprintln(w, got.Secret)
				return err
			})
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&req.Name, "name", "", "whose token it is")
	c.Flags().StringSliceVar(&roles, "role", nil, "what it may do (may be repeated)")
	c.Flags().StringVar(&req.Operator, "operator", "", "whose it is, with --role operator")
	c.Flags().StringSliceVar(&req.Domains, "domain", nil, "mail domain of an operator (may be repeated)")
	c.Flags().StringVar(&expires, "expires", "365d", "how long it is good for: 90d, 12h")
	out.Flag(c, "print one JSON object")
	return c
}

func tokenList() *cobra.Command {
	var s settings
	var out cli.Output
	c := &cobra.Command{
		Use: "list", Short: "list the tokens, the newest first", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			got, err := tokens(c, &s, tokenRequest{Do: "list"})
			if err != nil {
				return err
			}
			return out.Value(c.OutOrStdout(), got, func(w io.Writer) error { return show.Tokens(w, got.Tokens, time.Now()) })
		},
	}
	s.dataFlags(c)
	out.Flag(c, "print one JSON object")
	return c
}

func tokenRevoke() *cobra.Command {
	var s settings
	var sure cli.Confirmation
	c := &cobra.Command{
		Use: "revoke ID", Short: "end a token, at once and for good", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := sure.Ask(c, "revoke token "+args[0]+"? [y/N] ", "not revoked"); err != nil {
				return err
			}
			got, err := tokens(c, &s, tokenRequest{Do: "revoke", ID: args[0]})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "token %s (%s) is revoked\n", got.Tokens[0].ID, got.Tokens[0].Name)
			return err
		},
	}
	s.dataFlags(c)
	sure.Flag(c, "do not ask")
	return c
}

func tokens(c *cobra.Command, s *settings, req tokenRequest) (tokenAnswer, error) {
	cfg, err := s.load(c)
	if err != nil {
		return tokenAnswer{}, err
	}
	req.By = cli.User()
	return onData(c.Context(), cfg, "token", req, nil, directory.Open, func(d *directory.Directory) (tokenAnswer, error) {
		r := access.New(d.Ledger)
		r.SetOperators(operatorsOf(cfg))
		return req.do(d, r)
	})
}

func (req tokenRequest) do(d *directory.Directory, r *access.Registry) (out tokenAnswer, err error) {
	var t annuaire.Token
	switch req.Do {
	case "new":
		req.New.By = annuaire.LocalCaller(req.By)
		t, out.Secret, err = r.Create(req.New)
	case "revoke":
		t, err = r.Revoke(req.ID, annuaire.LocalCaller(req.By))
	case "list":
		if err = auditLocal(d, req.By, "token.read", "", "", nil); err != nil {
			return out, err
		}
		out.Tokens, err = r.List()
		return out, err
	default:
		return out, annuaire.Invalid("token", "demande inconnue", "unknown request")
	}
	out.Tokens = []annuaire.Token{t}
	return out, err
}
