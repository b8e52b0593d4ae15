package extract

import (
	"path"
	"path/filepath"
	"time"
)

// Kind is one of the four extracts.
type Kind uint8

// The extracts. The first three, the PS files, come together; the last has its own timestamp.
const (
	Activities Kind = iota // Personne_activite: one row per person, practice, savoir-faire and activity
	Skills                 // SavoirFaire
	Diplomas               // Dipl_AutExerc: diplomas and authorisations
	Mailboxes              // Correspondance_MSSante
	numKinds
)

// PeopleKinds are the three PS files, which make sense only together.
func PeopleKinds() []Kind { return []Kind{Activities, Skills, Diplomas} }

// String returns the stem of the file's name at the ANS.
func (k Kind) String() string {
	switch k {
	case Activities:
		return "PS_LibreAcces_Personne_activite"
	case Skills:
		return "PS_LibreAcces_SavoirFaire"
	case Diplomas:
		return "PS_LibreAcces_Dipl_AutExerc"
	case Mailboxes:
		return "Extraction_Correspondance_MSSante"
	}
	return "unknown"
}

// File is one extract on disk.
type File struct {
	Kind   Kind
	Path   string    // of the text file, or of the ZIP
	Member string    // name inside the ZIP, "" for a plain file
	Stamp  time.Time // UTC: the 12 digits of the name, else the file's date, to the second
	Dated  bool      // Stamp comes from the name
}

// Name says which file this is without saying where it lies: its base name, with the member after the ZIP's.
func (f File) Name() string {
	if f.Member == "" {
		return filepath.Base(f.Path)
	}
	return filepath.Base(f.Path) + "/" + path.Base(f.Member)
}
