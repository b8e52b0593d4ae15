package store

import (
	"path/filepath"
	"testing"

	"annuaire"
)

func TestPinned(t *testing.T) {
	path := filepath.Join(t.TempDir(), "directory.db")
	b, err := CreateDirectory(path)
	if err == nil {
		err = b.Finish(1, Info{Run: "000001"})
	}
	if err != nil {
		t.Fatal(err)
	}
	d, err := OpenDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	p, err := d.Pin()
	if err != nil || p.Seq != 1 {
		t.Fatal(p, err)
	}
	t.Run("the file may grow many times over while a state is pinned", func(t *testing.T) {
		body, hash := Body(&annuaire.Professional{ID: "899000000017", Family: string(make([]byte, 1<<20))})
		for i := range 40 {
			e := Entry{Seq: uint64(i + 2), Kind: annuaire.KindPerson, Op: annuaire.Created, ID: RunID(uint64(i)), Record: Pack(body, annuaire.Source{}), Print: Print{Content: hash}}
			if err := d.Apply([]Entry{e}, e.Seq, Info{Run: "000002"}, nil); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("and is read as it was", func(t *testing.T) {
		ok, err := p.Read(func(r Reader) error {
			info, err := r.Info()
			if r.Seq() != 1 || info.Run != "000001" || r.Count(annuaire.KindPerson) != 0 {
				t.Error(r.Seq(), info, r.Count(annuaire.KindPerson))
			}
			return err
		})
		if !ok || err != nil {
			t.Error(ok, err)
		}
	})
	t.Run("until it is closed", func(t *testing.T) {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if ok, err := p.Read(func(Reader) error { t.Error("read"); return nil }); ok || err != nil {
			t.Error(ok, err)
		}
		if seq, err := d.Seq(); seq != 41 || err != nil {
			t.Error(seq, err)
		}
	})
}
