package store

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"annuaire"
)

func TestFormats(t *testing.T) {
	one := shape{format: 1, buckets: [][]byte{[]byte("a")}}
	three := shape{format: 3, buckets: [][]byte{[]byte("a"), []byte("b")}, steps: map[uint64]step{
		1: func(tx *bolt.Tx) error { return tx.Bucket([]byte("a")).Put([]byte("k"), []byte("from 1")) },
		2: func(tx *bolt.Tx) error {
			v := tx.Bucket([]byte("a")).Get([]byte("k"))
			return tx.Bucket([]byte("a")).Put([]byte("k"), append(append([]byte{}, v...), ", then 2"...))
		},
	}}
	made := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "x.db")
		db, err := openBolt(path, one, bolt.Options{})
		ok(t, err)
		ok(t, db.Close())
		return path
	}
	value := func(db *bolt.DB) (v string) {
		_ = db.View(func(tx *bolt.Tx) error { v = string(tx.Bucket([]byte("a")).Get([]byte("k"))); return nil })
		return v
	}
	t.Run("an older file is brought up step by step, once", func(t *testing.T) {
		path := made(t)
		for range 2 {
			db, err := openBolt(path, three, bolt.Options{})
			ok(t, err)
			if v := value(db); v != "from 1, then 2" {
				t.Error(v)
			}
			ok(t, db.Close())
		}
	})
	t.Run("then the older program refuses it, and leaves it as it is", func(t *testing.T) {
		path := made(t)
		db, err := openBolt(path, three, bolt.Options{})
		ok(t, err)
		ok(t, db.Close())
		if _, err := openBolt(path, one, bolt.Options{}); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "format 3") {
			t.Fatal(err)
		}
		db, err = openBolt(path, three, bolt.Options{})
		ok(t, err)
		ok(t, db.Close())
	})
	t.Run("a step that fails leaves the file of the old format", func(t *testing.T) {
		path := made(t)
		bad := three
		bad.steps = map[uint64]step{1: three.steps[1], 2: func(*bolt.Tx) error { return errors.New("no") }}
		if _, err := openBolt(path, bad, bolt.Options{}); err == nil {
			t.Fatal("taken")
		}
		db, err := openBolt(path, one, bolt.Options{})
		ok(t, err)
		if v := value(db); v != "" {
			t.Error("half done:", v)
		}
		ok(t, db.Close())
	})
	t.Run("a format that nobody knows the way from is refused", func(t *testing.T) {
		if _, err := openBolt(made(t), shape{format: 2}, bolt.Options{}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Fatal(err)
		}
	})
	t.Run("read-only, an older file is refused", func(t *testing.T) {
		if _, err := openBolt(made(t), three, bolt.Options{ReadOnly: true}); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Fatal(err)
		}
	})
}
