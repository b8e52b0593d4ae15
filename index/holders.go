package index

import (
	"context"

	"annuaire"

	"github.com/RoaringBitmap/roaring/v2"
)

// Holders returns the IdNatPP of who holds a mailbox of some kinds, in no order, some twice.
func (p *Places) Holders(ctx context.Context, kinds []annuaire.MailboxKind) (ids []string, err error) {
	err = p.eachView(flatMailbox, func(v *view, heads *roaring.Bitmap) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		sets := make([]*roaring.Bitmap, 0, len(kinds))
		for _, k := range kinds {
			b, err := v.postings(fieldFlat, string(rune(kindBoxKind))+string(k))
			if err != nil {
				return err
			}
			sets = append(sets, b)
		}
		v.in = roaring.And(heads, union(sets))
		owner := string(rune(kindOwner))
		return v.eachTerm(fieldFlat, owner, after(owner), func(term string, docs *roaring.Bitmap) {
			if !docs.IsEmpty() {
				ids = append(ids, term[1:])
			}
		})
	})
	return ids, err
}
