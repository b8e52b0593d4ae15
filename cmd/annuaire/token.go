package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/samber/lo"
	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/access"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
)

// tokenRequest is one of new, list, revoke, as a running server is asked for it.
type tokenRequest struct {
	Do  string         `json:"do"`
	New access.Request `json:"new"`
	ID  string         `json:"id"`
	By  string         `json:"by"` // the person at the keyboard
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
	var name, expires, operator string
	var roles, domains []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "new --name NAME --role ROLE",
		Short: "make a token and print it, once",
		Long: "new makes a token and prints its secret: it is kept as a hash only, and cannot be shown again.\n\nThe token of an operator belongs to --operator: one of [[operators]] of the configuration, or any name; without it, to the operator that has\nits domains already, else to --name. A domain has one operator. Without --domain it is good for all that the configuration gives to --operator.\n\nRoles: " +
			strings.Join(lo.Map(annuaire.Roles, func(r annuaire.Role, _ int) string { return string(r) }), ", "),
		Example: "  annuaire token new --name 'éditeur X' --role reader\n  annuaire token new --name 'Y, 2027' --role operator --operator Y --domain y.mssante.fr --expires 90d",
		Args:    args0,
		RunE: func(c *cobra.Command, _ []string) error {
			life, err := lifeOf(expires)
			if err != nil {
				return &usageError{err}
			}
			req := tokenRequest{Do: "new", New: access.Request{Name: name, Operator: operator, Domains: domains, Life: life,
				Roles: lo.Map(roles, func(r string, _ int) annuaire.Role { return annuaire.Role(r) })}}
			out, err := tokens(c.Context(), &s, c, req)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(out)
			}
			t := out.Tokens[0]
			if t.Operator != "" {
				fmt.Fprintf(c.ErrOrStderr(), "of the operator %q\n", t.Operator)
			}
			fmt.Fprintf(c.ErrOrStderr(), "token %s for %q, until %s; it will not be shown again:\n", t.ID, t.Name, t.Expires.Format(time.DateOnly))
			_, err = fmt.Fprintln(c.OutOrStdout(), out.Secret)
			return err
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&name, "name", "", "whose token it is")
	c.Flags().StringSliceVar(&roles, "role", nil, "what it may do (may be repeated)")
	c.Flags().StringVar(&operator, "operator", "", "whose it is, with --role operator")
	c.Flags().StringSliceVar(&domains, "domain", nil, "mail domain of an operator (may be repeated)")
	c.Flags().StringVar(&expires, "expires", "365d", "how long it is good for: 90d, 12h")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// lifeOf reads a duration that may be in days.
func lifeOf(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > 5*366 {
			return 0, fmt.Errorf("--expires: days from 1d to 1826d (got %q)", s)
		}
		return min(time.Duration(n)*24*time.Hour, access.MaxLife), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("--expires: a duration such as 90d or 12h (got %q)", s)
	}
	return d, nil
}

func tokenList() *cobra.Command {
	var s settings
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "list the tokens, the newest first", Args: args0,
		RunE: func(c *cobra.Command, _ []string) error {
			out, err := tokens(c.Context(), &s, c, tokenRequest{Do: "list"})
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(out)
			}
			t := tabwriter.NewWriter(c.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(t, "ID\tNAME\tROLES\tOPERATOR\tDOMAINS\tEXPIRES\tSTATE")
			for _, k := range out.Tokens {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, lo.Reduce(k.Roles, func(s string, r annuaire.Role, i int) string {
					return s + lo.Ternary(i > 0, ",", "") + string(r)
				}, ""), k.Operator, strings.Join(k.Domains, ","), k.Expires.Format(time.DateOnly), stateOf(k))
			}
			return t.Flush()
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func stateOf(t annuaire.Token) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked"
	case time.Now().After(t.Expires):
		return "expired"
	}
	return "good"
}

func tokenRevoke() *cobra.Command {
	var s settings
	var yes bool
	c := &cobra.Command{
		Use: "revoke ID", Short: "end a token, at once and for good", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !yes && !confirmed(c, "revoke token "+args[0]+"? [y/N] ") {
				return errors.New("not revoked")
			}
			out, err := tokens(c.Context(), &s, c, tokenRequest{Do: "revoke", ID: args[0]})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "token %s (%s) is revoked\n", out.Tokens[0].ID, out.Tokens[0].Name)
			return err
		},
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

// confirmed asks on the terminal; whoever cannot be asked has not agreed.
func confirmed(c *cobra.Command, question string) bool {
	fmt.Fprint(c.ErrOrStderr(), question)
	var answer string
	_, _ = fmt.Fscanln(c.InOrStdin(), &answer) // no answer is no
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes") || strings.EqualFold(answer, "o") || strings.EqualFold(answer, "oui")
}

// tokens has the running server do it, else opens the data directory.
func tokens(ctx context.Context, s *settings, c *cobra.Command, req tokenRequest) (out tokenAnswer, err error) {
	var cfg config.Config
	if cfg, err = s.load(c); err != nil {
		return out, err
	}
	req.By = whoAmI()
	if err = control.Call(ctx, socket(cfg), "token", req, nil, &out); !errors.Is(err, control.ErrNoServer) {
		return out, err
	}
	d, err := directory.Open(cfg.Data)
	if err != nil {
		return out, err
	}
	r := access.New(d.Ledger)
	r.SetOperators(operatorsOf(cfg))
	out, err = doToken(d, r, req)
	return out, errors.Join(err, d.Close())
}

func doToken(d *directory.Directory, r *access.Registry, req tokenRequest) (out tokenAnswer, err error) {
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

// tokenCommandOf is token as the control socket offers it.
func tokenCommandOf(d *directory.Directory, r *access.Registry) control.Command {
	return func(_ context.Context, args json.RawMessage, _ func(any)) (any, error) {
		var req tokenRequest
		if err := json.Unmarshal(args, &req); err != nil {
			return nil, annuaire.Invalid("token", "demande illisible", "request cannot be read")
		}
		return doToken(d, r, req)
	}
}
