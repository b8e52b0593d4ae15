package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
	"annuaire/internal/cli/manual"
)

func manCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "man --out DIR",
		Short: "write the manual pages of every command",
		Long: `man writes one page of section 1 for each command, made from what --help says. Shell completion: annuaire completion --help.

EXIT STATUS
  0 written · 1 failed · 2 bad usage`,
		Example: "  annuaire man --out /usr/local/share/man/man1\n  annuaire completion bash > /etc/bash_completion.d/annuaire",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return cli.Usage(errors.New("--out is needed: the folder to write to"))
			}
			if err := os.MkdirAll(out, 0o755); err != nil {
				return err
			}
			return manual.Pages(c.Root(), func(name, text string) error {
				return os.WriteFile(filepath.Join(out, name), []byte(text), 0o644)
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder to write to")
	return c
}
