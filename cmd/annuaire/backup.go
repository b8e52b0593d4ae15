package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/backup"
	"annuaire/internal/config"
	"annuaire/internal/control"
	"annuaire/internal/directory"
	"annuaire/internal/durable"
)

func backupCommand() *cobra.Command {
	var s settings
	var out, passphrase string
	var key backup.Key
	var asJSON bool
	c := &cobra.Command{
		Use:   "backup",
		Short: "write the data into one file, while it is in use",
		Long: `backup writes the data directory into one file of mode 0600: the log, the records, the tokens. With a server running, the data comes
through its control socket and nobody waits; the file is written, and sealed, by this command. Extracts, rejects and the configuration are
not in it. It holds personal data, red-listed addresses included: seal it (--recipient, --passphrase-file) before it leaves the machine.

EXIT STATUS
  0 written, whole · 1 failed, no file left · 2 bad usage`,
		Example: "  annuaire backup --data data --out /backup/annuaire.tar.zst.age --recipient age1…\n  annuaire backup --data data --out - | ssh elsewhere 'cat > annuaire.tar.zst'",
		Args:    args0,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.load(c)
			if err != nil {
				return err
			}
			if passphrase != "" {
				if key.Passphrase, err = backup.ReadPassphrase(passphrase); err != nil {
					return err
				}
			}
			if key.Passphrase != "" && len(key.Recipients) > 0 {
				return &usageError{errors.New("--passphrase-file or --recipient, not both")}
			}
			return writeBackup(c, cfg, key, out, asJSON)
		},
	}
	s.dataFlags(c)
	c.Flags().StringVar(&out, "out", "", "file to write, - for standard output (default annuaire-DATE.tar.zst in this folder)")
	c.Flags().StringVar(&passphrase, "passphrase-file", "", "seal with the passphrase on the first line of this file")
	c.Flags().StringArrayVar(&key.Recipients, "recipient", nil, "seal for this public key, age1… (may be repeated)")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func writeBackup(c *cobra.Command, cfg config.Config, key backup.Key, out string, asJSON bool) error {
	if out == "-" {
		return sealed(c.Context(), cfg, key, c.OutOrStdout())
	}
	if out == "" {
		out = "annuaire-" + time.Now().UTC().Format("20060102T150405Z") + ".tar.zst"
		if key.Passphrase != "" || len(key.Recipients) > 0 {
			out += ".age"
		}
	}
	size, err := newFile(out, func(w io.Writer) error { return sealed(c.Context(), cfg, key, w) })
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{"file": out, "bytes": size})
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %.1f MB\n", out, float64(size)/1e6)
	return err
}

// newFile makes a file of mode 0600 that exists whole or not at all, and replaces none.
func newFile(path string, write func(io.Writer) error) (size int64, err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return 0, &usageError{fmt.Errorf("%s exists already: give another name with --out", path)}
	}
	err = durable.Write(path, func(f *os.File) (err error) {
		if err = write(f); err == nil {
			size, err = f.Seek(0, io.SeekCurrent)
		}
		return err
	})
	return size, err
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

// userHeader names the person at the keyboard on the control socket, as the REST front reads it.
const userHeader = "X-Annuaire-User"

// backupPath is where the control socket gives a backup. It is no command: its answer is the file.
const backupPath = "/control/backup"

// fetchBackup has the running server make a backup, else opens the data directory.
func fetchBackup(ctx context.Context, cfg config.Config, w io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://annuaire"+backupPath, nil)
	if err != nil {
		return err
	}
	req.Header.Set(userHeader, whoAmI())
	client := control.Client(socket(cfg))
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if errors.Is(err, control.ErrNoServer) {
		return backupOf(ctx, cfg, w)
	}
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		return fmt.Errorf("the server cannot make the backup: %s", text)
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("the backup broke off: %w", err)
	}
	return nil
}

func backupOf(ctx context.Context, cfg config.Config, w io.Writer) error {
	if !backup.Exists(cfg.Data) {
		return annuaire.Errorf(annuaire.CodeNotFound, "data", "aucune donnée dans "+cfg.Data, "no data in "+cfg.Data, nil)
	}
	d, err := directory.Open(cfg.Data)
	if err != nil {
		return err
	}
	if err = auditLocal(d, whoAmI(), "backup", "", "", nil); err == nil {
		_, err = backup.Write(ctx, d, version, w)
	}
	return errors.Join(err, d.Close())
}

// backupHandler gives a backup through the control socket, and leaves the rest to the next handler.
func backupHandler(d *directory.Directory, log *slog.Logger, next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", next)
	mux.HandleFunc("GET "+backupPath, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/zstd")
		if err := auditLocal(d, r.Header.Get(userHeader), "backup", "", "", nil); err != nil {
			log.Error("backup failed", "error", err.Error())
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		out := &answering{ResponseWriter: w}
		m, err := backup.Write(r.Context(), d, version, out)
		switch {
		case err == nil:
			log.Info("backup", "generation", m.Generation, "seq", m.Seq, "extract", m.Extract)
		case out.begun: // too late to say so: a connection that breaks off is an error to the client
			log.Error("backup failed", "error", err.Error())
			panic(http.ErrAbortHandler)
		default:
			log.Error("backup failed", "error", err.Error())
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	return mux
}

// answering is a ResponseWriter that knows whether anything was written.
type answering struct {
	http.ResponseWriter
	begun bool
}

// Write implements io.Writer.
func (a *answering) Write(p []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(p)
}
