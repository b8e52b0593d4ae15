package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/backup"
	"annuaire/internal/cli"
	"annuaire/internal/cli/show"
	"annuaire/internal/config"
	"annuaire/internal/directory"
	"annuaire/sync/run"
)

// restoring is what restore is asked to do.
type restoring struct {
	key        backup.Key
	passphrase string
	yes, dry   bool
	out        cli.Output
}

func restoreCommand() *cobra.Command {
	var s settings
	var r restoring
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "put a backup in place of the data, once it is verified",
		Long: `restore unpacks a backup beside the data, builds its indexes, checks it record by record, and only then puts it in place: a restore
that fails or is killed leaves what was there. Stop the server first. Data already there is replaced only with --yes, or if you say so on
the terminal; its log stays as annuaire.db.before-restore until you remove it. --dry-run verifies the backup and replaces nothing.

The change log goes on beyond any number given before: readers of /v1/changes are told to export again.

EXIT STATUS
  0 restored (or, with --dry-run, good) · 1 failed · 2 bad usage, wrong key · 4 the backup is damaged; in all cases but 0, nothing was replaced`,
		Example: "  annuaire restore annuaire-20261126T040000Z.tar.zst --data data --yes\n  annuaire restore --dry-run annuaire.tar.zst.age --identity key.txt",
		Args:    cobra.ExactArgs(1),
		RunE: s.with(func(c *cobra.Command, cfg config.Config, args []string) (err error) {
			if r.passphrase != "" {
				if r.key.Passphrase, err = backup.ReadPassphrase(r.passphrase); err != nil {
					return err
				}
			}
			return r.run(c, args[0], cfg.Data)
		}),
	}
	s.dataFlags(c)
	c.Flags().BoolVar(&r.yes, "yes", false, "replace the data that is there")
	c.Flags().BoolVarP(&r.dry, "dry-run", "n", false, "verify the backup, replace nothing")
	c.Flags().StringVar(&r.passphrase, "passphrase-file", "", "the backup is sealed with the passphrase on the first line of this file")
	c.Flags().StringVar(&r.key.Identities, "identity", "", "file of the private key the backup is sealed for (AGE-SECRET-KEY-…)")
	r.out.Flag(c, "print one JSON object")
	return c
}

func (r restoring) run(c *cobra.Command, file, data string) (err error) {
	in, err := cli.Open(c, file)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	plain, err := r.key.Open(in)
	if err != nil {
		return err
	}
	if r.dry {
		if data, err = os.MkdirTemp(besides(data), "annuaire-restore-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	} else if backup.Exists(data) && !r.yes && file != "-" {
		r.yes = cli.Confirmed(c, "replace the data in "+data+"? [y/N] ")
	}
	rep, err := r.restore(c, plain, data)
	if err != nil {
		return err
	}
	return r.out.Value(c.OutOrStdout(), rep, func(w io.Writer) error {
		verb := "restored"
		if r.dry {
			verb = "verified, nothing replaced"
		}
		_, err := fmt.Fprintf(w, "%s: backup of %s, extract of %s: %d people, %d structures, %d mailboxes\n", verb,
			rep.Created.Format("2006-01-02 15:04:05Z"), rep.Extract.Format("2006-01-02"), rep.People, rep.Structures, rep.Mailboxes)
		return err
	})
}

// besides is where to unpack a backup that is only to be verified: where the data is, which has the room and the rights for it, else with
// temporary files.
func besides(data string) string {
	dir := filepath.Join(data, "incoming")
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return ""
	}
	return dir
}

// restore does it, then opens the data once as a server would, which removes the generations that it replaced.
func (r restoring) restore(c *cobra.Command, in io.Reader, data string) (backup.Report, error) {
	p := show.NewProgress(c.ErrOrStderr())
	rep, err := backup.Restore(c.Context(), in, data, backup.Options{Replace: r.yes, Progress: func(kind annuaire.Kind, n int64) {
		p.Update(run.Progress{Stage: run.StageBuild, Done: n, Unit: string(kind)})
	}})
	p.End()
	if err != nil {
		return rep, err
	}
	return opened(data, directory.Open, func(*directory.Directory) (backup.Report, error) { return rep, nil })
}
