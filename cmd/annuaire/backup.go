package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"annuaire/internal/backup"
	"annuaire/internal/cli"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
)

func backupCommand() *cobra.Command {
	var s settings
	var to, passphrase string
	var key backup.Key
	var out cli.Output
	c := &cobra.Command{
		Use:   "backup",
		Short: "write the data into one file, while it is in use",
		Long: `backup writes the data directory into one file of mode 0600: the log, the records, the tokens. With a server running, the data comes
through its control socket and nobody waits; the file is written, and sealed, by this command. Extracts, rejects and the configuration are
not in it. It holds personal data, red-listed addresses included: seal it (--recipient, --passphrase-file) before it leaves the machine.

EXIT STATUS
  0 written, whole · 1 failed, no file left · 2 bad usage`,
		Example: "  annuaire backup --data data --out /backup/annuaire.tar.zst.age --recipient age1…\n  annuaire backup --data data --out - | ssh elsewhere 'cat > annuaire.tar.zst'",
		Args:    cobra.NoArgs,
		RunE: s.with(func(c *cobra.Command, cfg config.Config, _ []string) (err error) {
			if passphrase != "" {
				if key.Passphrase, err = backup.ReadPassphrase(passphrase); err != nil {
					return err
				}
			}
			if key.Passphrase != "" && len(key.Recipients) > 0 {
				return cli.Usage(errors.New("--passphrase-file or --recipient, not both"))
			}
			return writeBackup(c, cfg, key, to, out)
		}),
	}
	s.dataFlags(c)
	c.Flags().StringVar(&to, "out", "", "file to write, - for standard output (default annuaire-DATE.tar.zst in this folder)")
	c.Flags().StringVar(&passphrase, "passphrase-file", "", "seal with the passphrase on the first line of this file")
	c.Flags().StringArrayVar(&key.Recipients, "recipient", nil, "seal for this public key, age1… (may be repeated)")
	out.Flag(c, "print one JSON object")
	return c
}

func writeBackup(c *cobra.Command, cfg config.Config, key backup.Key, to string, out cli.Output) error {
	if to == "" {
		to = "annuaire-" + time.Now().UTC().Format("20060102T150405Z") + ".tar.zst"
		if key.Passphrase != "" || len(key.Recipients) > 0 {
			to += ".age"
		}
	}
	size, err := cli.Write(c, to, func(w io.Writer) error { return sealed(c.Context(), cfg, key, w) })
	if err != nil || to == "-" {
		return err
	}
	return out.Value(c.OutOrStdout(), map[string]any{"file": to, "bytes": size}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s: %.1f MB\n", to, float64(size)/1e6)
		return err
	})
}

// sealed writes a backup, encrypted with key, to w.
func sealed(ctx context.Context, cfg config.Config, key backup.Key, w io.Writer) error {
	to, err := key.Seal(w)
	if err != nil {
		return err
	}
	if err := fetchBackup(ctx, cfg, to); err != nil {
		return err
	}
	return to.Close()
}

// backupPath is where the control socket gives a backup. It is no command: its answer is the file.
const backupPath = "/control/backup"

// fetchBackup has the running server make a backup, else opens the data directory.
func fetchBackup(ctx context.Context, cfg config.Config, w io.Writer) error {
	there := cli.Server{Socket: func() (string, error) { return socket(cfg), nil }}
	err := there.Copy(ctx, backupPath, w)
	if !errors.Is(err, control.ErrNoServer) {
		return err
	}
	_, err = opened(cfg.Data, openExisting, func(d *directory.Directory) (backup.Manifest, error) {
		if err := auditLocal(d, cli.User(), "backup", "", "", nil); err != nil {
			return backup.Manifest{}, err
		}
		return backup.Write(ctx, d, version, w)
	})
	return err
}

// withBackups gives backups through the control socket, and leaves the rest to the next handler.
func withBackups(d *directory.Directory, log *slog.Logger, next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", next)
	mux.Handle("GET "+backupPath, backup.Handler(d, version, log, func(r *http.Request) error {
		return auditLocal(d, r.Header.Get(cli.HeaderUser), "backup", "", "", nil)
	}))
	return mux
}
