package backup

import (
	"log/slog"
	"net/http"

	"annuaire/internal/directory"
)

// Handler answers with a backup of d. note is told first who asks: what cannot be noted is not given.
func Handler(d *directory.Directory, version string, log *slog.Logger, note func(*http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &answer{ResponseWriter: w}
		m, err := Manifest{}, note(r)
		if err == nil {
			w.Header().Set("Content-Type", "application/zstd")
			m, err = Write(r.Context(), d, version, out)
		}
		switch {
		case err == nil:
			log.Info("backup", "generation", m.Generation, "seq", m.Seq, "extract", m.Extract)
			return
		case out.begun: // too late to say so: a connection that breaks off is an error to the client
			log.Error("backup failed", "error", err.Error())
			panic(http.ErrAbortHandler)
		}
		log.Error("backup failed", "error", err.Error())
		http.Error(w, err.Error(), http.StatusInternalServerError)
	})
}

// answer is a ResponseWriter that knows whether anything was written.
type answer struct {
	http.ResponseWriter
	begun bool
}

// Write implements io.Writer.
func (a *answer) Write(p []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(p)
}
