package alert

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"

	"annuaire"
	"annuaire/internal/codes"

	"github.com/cespare/xxhash/v2"
)

// sample picks people by a hash of who they are and the seed: who is picked does not depend on who else is selected, so that two previews
// of one seed can be compared, and nobody can choose whom it shows.
func (d *Desk) sample(ctx context.Context, sel annuaire.Selected, o annuaire.PreviewOptions) ([]annuaire.AudienceSample, error) {
	type draw struct {
		lot uint64
		at  int
	}
	picked := make([]draw, 0, o.Sample+1)
	for i, id := range sel.IDs {
		lot := mixed(xxhash.Sum64String(id) ^ mixed(o.Seed))
		if len(picked) == o.Sample && lot >= picked[o.Sample-1].lot {
			continue
		}
		at, _ := slices.BinarySearchFunc(picked, lot, func(p draw, lot uint64) int { return cmp.Compare(p.lot, lot) })
		picked = slices.Insert(picked, at, draw{lot, i})
		picked = picked[:min(len(picked), o.Sample)]
	}
	out := []annuaire.AudienceSample{}
	for _, p := range picked {
		it, there, err := d.person(ctx, sel.IDs[p.at])
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		out = append(out, annuaire.AudienceSample{ID: it.Value.ID, Family: it.Value.Family, Given: it.Value.Given,
			Profession: coded(annuaire.FieldProfession, sel.Detail[annuaire.FieldProfession][p.at]),
			Department: coded(annuaire.FieldDepartment, sel.Detail[annuaire.FieldDepartment][p.at]),
			Published:  sel.Reach[p.at]&annuaire.ReachPublished != 0})
	}
	return out, nil
}

// person looks somebody up who was selected; there is false for who has left since.
func (d *Desk) person(ctx context.Context, id string) (it annuaire.Item[annuaire.Professional], there bool, err error) {
	it, err = d.dir.Professional(ctx, id)
	if code := annuaire.CodeOf(err); code == annuaire.CodeNotFound || code == annuaire.CodeGone {
		return it, false, nil
	}
	return it, err == nil, err
}

func coded(f annuaire.Field, code string) annuaire.Coded {
	return annuaire.Coded{Code: code, Label: codes.Label(f, code)}
}

// mixed is the finaliser of splitmix64: every bit of x decides every bit of the result.
func mixed(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// RandomSeed returns a seed for a preview that names none.
func RandomSeed() uint64 { return maphash.String(maphash.MakeSeed(), "") >> 12 } // within what every JSON reader keeps exact
