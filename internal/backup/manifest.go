package backup

import (
	"encoding/json"
	"time"

	"annuaire"
)

// Format is the version of the file. A newer one is refused, by the number.
const Format = 1

// Manifest says what a backup holds.
type Manifest struct {
	Format     int       `json:"format"`
	Program    string    `json:"program"` // version of the program that wrote it
	Created    time.Time `json:"created"`
	Generation string    `json:"generation"` // "" when nothing was loaded: tokens and runs are in it all the same
	Seq        uint64    `json:"seq"`        // head of the log
	Extract    time.Time `json:"extract,omitzero"`
}

// The members, in their order.
const (
	manifestName = "backup.json"
	ledgerName   = "annuaire.db"
	recordsName  = "directory.db"
	sumsName     = "SHA256SUMS"
)

// maxSmall bounds the members that are read into memory, in bytes.
const maxSmall = 64 << 10

func parseManifest(b []byte) (m Manifest, err error) {
	if err := json.Unmarshal(b, &m); err != nil {
		return m, damaged("backup.json", err)
	}
	if m.Format > Format {
		return m, annuaire.Invalid("restore", "sauvegarde de format %d, écrite par annuaire %s ; ce programme lit le format %d : prenez un programme plus récent",
			"backup of format %d, written by annuaire %s; this program reads format %d: use a newer program", m.Format, m.Program, Format)
	}
	if m.Format < 1 {
		return m, damaged("format", nil)
	}
	return m, nil
}

// damaged is the error of a file that is not, or no longer, what Write made.
func damaged(what string, cause error) error {
	return &annuaire.InputError{Err: annuaire.Errorf(annuaire.CodeInvalid, "restore", "sauvegarde incomplète ou altérée ("+what+") : rien n'a été remplacé",
		"the backup is incomplete or damaged ("+what+"): nothing was replaced", cause)}
}
