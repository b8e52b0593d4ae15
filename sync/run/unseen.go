package run

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"annuaire"
)

// unseen says of a path that cannot be read what whoever typed it cannot know: a server reads it, under an account of its own, and may be kept
// from folders that they see.
func (s *session) unseen(o origin, err error) error {
	var at *fs.PathError
	if !errors.As(err, &at) || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) ||
		!slices.ContainsFunc(o.paths, func(p string) bool {
			p = filepath.Clean(p)
			return at.Path == p || strings.HasPrefix(at.Path, p+string(filepath.Separator))
		}) {
		return err
	}
	french, english := fmt.Sprintf("source illisible : %s", at.Path), fmt.Sprintf("source cannot be read: %s", at.Path)
	if s.attempt.Trigger != annuaire.TriggerCommand {
		french = fmt.Sprintf("le serveur ne peut pas lire %s, qui n'existe pas ou lui est caché : il lit sous son propre compte, et son unité systemd ne lui montre ni /home ni le /tmp des autres "+
			"(ProtectHome, PrivateTmp). Mettez les extraits dans un dossier qu'il peut lire, par exemple sous %s, ou donnez leur adresse (--from https://…)", at.Path, s.d.Path())
		english = fmt.Sprintf("the server cannot read %s, which is not there or is hidden from it: it reads under its own account, and its systemd unit shows it neither /home nor the /tmp of others "+
			"(ProtectHome, PrivateTmp). Put the extracts into a folder that it can read, under %s say, or give their address (--from https://…)", at.Path, s.d.Path())
	}
	return s.input(annuaire.Errorf(annuaire.CodeInvalid, "from", french, english, at.Err))
}
