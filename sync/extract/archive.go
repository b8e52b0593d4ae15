package extract

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"annuaire"
)

// maxMembers is how many entries an archive may list: the ANS puts one or three.
const maxMembers = 1000

// listArchive returns the extracts inside a ZIP: the members, in whatever sub-folder, whose names are those of extracts. A
// member whose name has no timestamp takes the archive's, else the archive's date.
func listArchive(p string, modified time.Time) ([]File, error) {
	z, err := zip.OpenReader(p)
	if err != nil {
		return nil, badArchive(p, err)
	}
	defer z.Close()
	if len(z.File) > maxMembers {
		return nil, annuaire.Invalid("from", "archive %s refusée : plus de %d membres", "archive %s refused: more than %d members",
			filepath.Base(p), maxMembers)
	}
	zipStamp, zipDated := stampOf(filepath.Base(p))
	var out []File
	for _, m := range z.File {
		if !safeMember(m.Name) {
			return nil, annuaire.Invalid("from", "archive %s refusée : nom de membre dangereux %q",
				"archive %s refused: unsafe member name %q", filepath.Base(p), m.Name)
		}
		k, stamp, dated, ok := recognise(path.Base(m.Name))
		if !ok || !m.Mode().IsRegular() {
			continue
		}
		switch {
		case dated:
		case zipDated:
			stamp, dated = zipStamp, true
		default:
			stamp = modified
		}
		out = append(out, File{Kind: k, Path: p, Member: m.Name, Stamp: stamp, Dated: dated})
	}
	return out, nil
}

// badArchive words what archive/zip found wrong; errors of the file system stay what they are.
func badArchive(p string, err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return fmt.Errorf("extract: opening archive: %w", err)
	}
	base := filepath.Base(p)
	return annuaire.Errorf(annuaire.CodeInvalid, "from", fmt.Sprintf("archive %s illisible : incomplète ou endommagée", base),
		fmt.Sprintf("archive %s cannot be read: truncated or damaged", base), err)
}
