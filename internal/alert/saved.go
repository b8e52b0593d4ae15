package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/samber/lo"

	"annuaire"
	"annuaire/internal/store"
)

// Limits of saved audiences.
const (
	maxSaved = 1_000 // audiences under a name
	maxTitle = 200   // characters
)

// The tables of audiences in annuaire.db.
var (
	saved   = store.NewTable[annuaire.SavedAudience]("audiences")         // by name
	earlier = store.NewTable[annuaire.SavedAudience]("audiences-earlier") // name, NUL, version in ten digits
)

// reserved is the last part of an address of the REST front.
const reserved = "preview"

var goodName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func unknownAudience() error {
	return annuaire.Errorf(annuaire.CodeNotFound, "name", "aucune audience de ce nom", "no audience of that name", nil)
}

// Audiences lists what is saved, by name.
func (d *Desk) Audiences(context.Context) (all []annuaire.SavedAudience, err error) {
	err = d.ledger.View(func(tx *store.Tx) error {
		all, err = saved.All(tx, "")
		return err
	})
	return lo.Map(all, func(a annuaire.SavedAudience, _ int) annuaire.SavedAudience { return whole(a) }), err
}

// Audience returns a saved audience; version 0 is the last. CodeNotFound for a name or a version that is not there.
func (d *Desk) Audience(_ context.Context, name string, version uint64) (a annuaire.SavedAudience, err error) {
	err = d.ledger.View(func(tx *store.Tx) error {
		var ok bool
		if a, ok, err = saved.Get(tx, name); err == nil && ok && version != 0 && version != a.Version {
			a, ok, err = earlier.Get(tx, versionKey(name, version))
		}
		if err == nil && !ok {
			return unknownAudience()
		}
		return err
	})
	return whole(a), err
}

// Save keeps an audience, given in either form, under a name. expect is the version that is changed, 0 for a new one: CodePrecondition when
// it is another, so that nobody overwrites what they have not seen. Saving what is there already changes nothing. The audience is
// understood first: what is kept can be previewed, as long as the directory knows its codes.
func (d *Desk) Save(_ context.Context, who annuaire.Caller, name, title, form string, expect uint64) (out annuaire.SavedAudience, err error) {
	switch {
	case !goodName.MatchString(name) || name == reserved:
		return out, annuaire.Invalid("name", "un nom de 1 à 63 lettres sans accent, en minuscules, chiffres et tirets", "a name of 1 to 63 of a-z, 0-9 and \"-\"").Because("audience_name")
	case utf8.RuneCountInString(title) > maxTitle || !utf8.ValidString(title) || strings.ContainsFunc(title, unicode.IsControl):
		return out, annuaire.Invalid("title", "un titre d'une ligne, de %d caractères au plus", "a title of one line, of at most %d characters", maxTitle).Because("audience_title")
	}
	a, err := Read(form)
	if err != nil {
		return out, err
	}
	if _, err := a.Resolve(); err != nil {
		return out, err
	}
	err = d.ledger.Update(func(tx *store.Tx) error {
		old, known, err := saved.Get(tx, name)
		switch {
		case err != nil:
			return err
		case old.Version != expect:
			return stale(old.Version)
		case known && old.Title == title && old.Text == a.String():
			out = old
			return nil
		case !known:
			if err := roomFor(tx); err != nil {
				return err
			}
		}
		now := time.Now().UTC().Truncate(time.Second)
		out = annuaire.SavedAudience{Name: name, Title: title, Text: a.String(), Version: old.Version + 1, Created: old.Created, Changed: now, By: who.ID}
		event := who.Event("audience.change", name)
		if event.Before = any(old); !known {
			out.Created, event.Before, event.What = now, nil, "audience.create"
		}
		event.After = out
		if known {
			if err := earlier.Put(tx, versionKey(name, old.Version), old); err != nil {
				return err
			}
		}
		if err := tx.Audit(event); err != nil {
			return err
		}
		return saved.Put(tx, name, out)
	})
	return whole(out), err
}

// Remove forgets an audience, its earlier versions and its last preview. expect is the version that is removed.
func (d *Desk) Remove(_ context.Context, who annuaire.Caller, name string, expect uint64) error {
	return d.ledger.Update(func(tx *store.Tx) error {
		old, ok, err := saved.Get(tx, name)
		switch {
		case err != nil:
			return err
		case !ok:
			return unknownAudience()
		case old.Version != expect:
			return stale(old.Version)
		}
		if _, err := earlier.DeleteEach(tx, name+"\x00", nil); err != nil {
			return err
		}
		event := who.Event("audience.remove", name)
		event.Before = old
		if err := tx.Audit(event); err != nil {
			return err
		}
		if err := seen.Delete(tx, name); err != nil {
			return err
		}
		return saved.Delete(tx, name)
	})
}

func versionKey(name string, version uint64) string { return fmt.Sprintf("%s\x00%010d", name, version) }

func stale(version uint64) error {
	if version == 0 {
		return annuaire.Errorf(annuaire.CodePrecondition, "version", "aucune audience de ce nom : il n'y a rien à remplacer", "no audience of that name: there is nothing to replace", nil).Because("audience_version")
	}
	return annuaire.Errorf(annuaire.CodePrecondition, "version", fmt.Sprintf("l'audience en est à la version %d : relisez-la", version),
		fmt.Sprintf("the audience is at version %d: read it again", version), nil).Because("audience_version")
}

func roomFor(tx *store.Tx) error {
	if saved.Count(tx) < maxSaved {
		return nil
	}
	return annuaire.Errorf(annuaire.CodeTooMany, "name", fmt.Sprintf("déjà %d audiences : supprimez-en", maxSaved), fmt.Sprintf("there are %d audiences already: remove some", maxSaved), nil).Because("audience_too_many")
}

// whole adds the JSON form.
func whole(a annuaire.SavedAudience) annuaire.SavedAudience {
	if tree, err := Read(a.Text); err == nil { // what is kept was read before
		a.Tree, _ = json.Marshal(tree)
	}
	return a
}
