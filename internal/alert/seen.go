package alert

import (
	"context"
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// lastSeen is what the last preview of a saved audience found: everyone selected. Counts alone would not tell a hundred who came and a
// hundred who left from no change at all, and hashes would take more room than the numbers: these grow by small steps, some three bytes a
// person. There is one for each audience, replaced by its next preview and removed with it.
type lastSeen struct {
	At        time.Time `cbor:"1,keyasint"`
	Version   uint64    `cbor:"2,keyasint"`
	Seq       uint64    `cbor:"3,keyasint"`
	Selected  int       `cbor:"4,keyasint"`
	Published int       `cbor:"5,keyasint"`
	Numbers   []byte    `cbor:"6,keyasint"` // of IdNatPP made of digits, growing: the steps between them, as uvarints
	Others    []string  `cbor:"7,keyasint,omitempty"`
}

var seen = store.NewTable[lastSeen]("audiences-seen") // by name

// PreviewSaved is Preview of a saved audience, with what changed since the preview before; this one takes its place.
func (d *Desk) PreviewSaved(ctx context.Context, who annuaire.Caller, name string, o annuaire.PreviewOptions) (annuaire.AudiencePreview, error) {
	a, tree, err := d.readSaved(ctx, name)
	if err != nil {
		return annuaire.AudiencePreview{}, err
	}
	p, sel, err := d.preview(ctx, tree, o)
	if err != nil {
		return p, err
	}
	now := pack(sel.IDs)
	now.At, now.Version, now.Seq, now.Selected, now.Published = time.Now().UTC().Truncate(time.Second), a.Version, sel.Seq, p.Selected, p.Published
	err = d.ledger.Update(func(tx *store.Tx) error {
		if err := tx.Audit(who.Event("audience.preview", name)); err != nil {
			return err
		}
		switch is, ok, err := saved.Get(tx, name); {
		case err != nil:
			return err
		case !ok || is.Version != a.Version: // removed, or written anew, meanwhile: nothing to remember
			return nil
		}
		before, ok, err := seen.Get(tx, name)
		if err != nil {
			return err
		}
		if ok {
			p.Since = &annuaire.AudienceChange{At: before.At, Version: before.Version, Seq: before.Seq, Selected: before.Selected, Published: before.Published}
			if p.Since.Joined, p.Since.Left, err = before.compare(sel.IDs); err != nil {
				return err
			}
		}
		return seen.Put(tx, name, now)
	})
	return shown(p, who), err
}

// numberOf gives each identifier of digits a number of its own, whatever its length.
func numberOf(id string) (n uint64, ok bool) {
	n, err := strconv.ParseUint("1"+id, 10, 64)
	return n, err == nil
}

// split parts ids into numbers, growing, and others.
func split(ids []string) (numbers []uint64, others []string) {
	numbers = make([]uint64, 0, len(ids))
	for _, id := range ids {
		if n, ok := numberOf(id); ok {
			numbers = append(numbers, n)
		} else {
			others = append(others, id)
		}
	}
	slices.Sort(numbers)
	return numbers, others
}

// pack keeps ids, which are sorted.
func pack(ids []string) (out lastSeen) {
	numbers, others := split(ids)
	out.Others, out.Numbers = others, make([]byte, 0, 3*len(numbers))
	last := uint64(0)
	for _, n := range numbers {
		out.Numbers = binary.AppendUvarint(out.Numbers, n-last)
		last = n
	}
	return out
}

// compare counts who is in ids, which are sorted, and not in l, and the other way round.
func (l *lastSeen) compare(ids []string) (joined, left int, err error) {
	numbers, others := split(ids)
	was, b := uint64(0), l.Numbers
	for len(b) > 0 {
		step, n := binary.Uvarint(b)
		if n <= 0 {
			return 0, 0, annuaire.Errorf(annuaire.CodeInternal, "preview", "l'aperçu précédent est illisible", "the preview before cannot be read", nil)
		}
		was, b = was+step, b[n:]
		for len(numbers) > 0 && numbers[0] < was {
			numbers, joined = numbers[1:], joined+1
		}
		if len(numbers) > 0 && numbers[0] == was {
			numbers = numbers[1:]
		} else {
			left++
		}
	}
	joined += len(numbers)
	for _, id := range others {
		if _, there := slices.BinarySearch(l.Others, id); !there {
			joined++
		}
	}
	for _, id := range l.Others {
		if _, there := slices.BinarySearch(others, id); !there {
			left++
		}
	}
	return joined, left, nil
}
