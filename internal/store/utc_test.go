package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimesComeBackInUTC(t *testing.T) {
	was := time.Local
	time.Local = time.FixedZone("Réunion", 4*3600)
	t.Cleanup(func() { time.Local = was })
	type part struct {
		At time.Time `cbor:"1,keyasint"`
	}
	type whole struct {
		At    time.Time  `cbor:"1,keyasint"`
		Never time.Time  `cbor:"2,keyasint"`
		Maybe *time.Time `cbor:"3,keyasint"`
		None  *part      `cbor:"4,keyasint"`
		One   *part      `cbor:"5,keyasint"`
		Many  []part     `cbor:"6,keyasint"`
		part  `cbor:"-"`
		Aside time.Time `cbor:"-"` // not stored: whoever sets it says in which zone
	}
	in := whole{At: day, Maybe: &day, One: &part{day}, Many: []part{{day}, {}}}
	b, err := Encode(in)
	ok(t, err)
	out := whole{Aside: day.In(time.Local)}
	ok(t, Decode(b, &out))
	for what, at := range map[string]time.Time{"a field": out.At, "one that was never set": out.Never, "behind a pointer": *out.Maybe,
		"in a record behind a pointer": out.One.At, "in a list": out.Many[0].At} {
		t.Run(what, func(t *testing.T) {
			if at.Location() != time.UTC {
				t.Error(at)
			}
		})
	}
	t.Run("and the same as they were", func(t *testing.T) {
		if diff := cmp.Diff(in, whole{At: out.At, Never: out.Never, Maybe: out.Maybe, None: out.None, One: out.One, Many: out.Many}, cmp.AllowUnexported(whole{})); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("what is not stored is left alone", func(t *testing.T) {
		if out.Aside.Location() != time.Local {
			t.Error(out.Aside)
		}
	})
}
