package backup

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

func TestRestoreBringsBackWhatWasThere(t *testing.T) {
	d := loaded(t)
	ok(t, d.Ledger.PutToken(annuaire.Token{ID: "abcdef", Hash: []byte("hash")}))
	saved := written(t, d)
	dir := t.TempDir()
	rep, err := Restore(ctx, bytes.NewReader(saved), dir, Options{})
	ok(t, err)
	if rep.People != 2 || rep.Replaced || !rep.Extract.Equal(day) {
		t.Errorf("%+v", rep)
	}
	r := open(t, dir)
	if people(t, r) != 2 {
		t.Error("people are missing")
	}
	if _, found, err := r.Ledger.Token([]byte("hash")); !found || err != nil {
		t.Error("the token is missing", err)
	}
	if check, err := r.Check(ctx); err != nil || check.Problems > 0 {
		t.Error(check, err)
	}
	leave(t, r, "000002", bea) // life goes on
	if check, err := r.Check(ctx); err != nil || check.Problems > 0 || people(t, r) != 1 {
		t.Error(check, err)
	}
}

func TestBackupIsHot(t *testing.T) {
	d := loaded(t)
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := Write(ctx, d, "test", w)
		done <- errors.Join(err, w.Close())
	}()
	first := make([]byte, 1)
	_, err := io.ReadFull(r, first) // the state is taken by now, and most of it still to be read
	ok(t, err)
	leave(t, d, "000002", bea)
	rest, err := io.ReadAll(r)
	ok(t, err)
	ok(t, <-done)
	dir := t.TempDir()
	if rep, err := Restore(ctx, bytes.NewReader(append(first, rest...)), dir, Options{}); err != nil || rep.People != 2 {
		t.Fatal("it is not the state at the time it began:", rep, err)
	}
	if people(t, d) != 1 {
		t.Error("the change made meanwhile is lost")
	}
	if left, _ := os.ReadDir(d.Path("incoming")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func TestRestoreReplaces(t *testing.T) {
	d := loaded(t)
	saved := written(t, d)
	dir := t.TempDir()
	ok(t, os.RemoveAll(dir))
	_, err := Restore(ctx, bytes.NewReader(saved), dir, Options{})
	ok(t, err)
	r := open(t, dir)
	t.Run("not what a process has open", func(t *testing.T) {
		if _, err := Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true}); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Fatal(err)
		}
	})
	leave(t, r, "000002", bea)
	lost, _, err := r.Ledger.Head() // a reader of the feed stands here
	ok(t, err)
	ok(t, r.Close())
	t.Run("not without being told to", func(t *testing.T) {
		if _, err := Restore(ctx, bytes.NewReader(saved), dir, Options{}); annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Fatal(err)
		}
	})
	rep, err := Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
	ok(t, err)
	again := open(t, dir)
	t.Run("the data, keeping the old ledger beside it", func(t *testing.T) {
		if people(t, again) != 2 || !rep.Replaced {
			t.Error(rep)
		}
		old, err := store.OpenLedgerReadOnly(filepath.Join(dir, "annuaire.db.before-restore"))
		ok(t, err)
		defer old.Close()
		if head, _, err := old.Head(); head != lost || err != nil {
			t.Error(head, err)
		}
	})
	t.Run("and tells a reader of the feed from the history that was lost", func(t *testing.T) {
		_, err := again.Changes(ctx, lost, 10)
		var gap *annuaire.GapError
		if !errors.As(err, &gap) || gap.Restart <= lost {
			t.Fatal(err)
		}
		leave(t, again, "000002", anna)
		if more, err := again.Changes(ctx, gap.Restart, 10); err != nil || len(more) != 1 || more[0].ID != anna {
			t.Fatal(more, err)
		}
	})
	t.Run("nobody is let in again whose token was revoked since", func(t *testing.T) {
		d := loaded(t)
		good := annuaire.Token{ID: "good", Hash: []byte("good")}
		bad := annuaire.Token{ID: "bad", Hash: []byte("bad")}
		ok(t, errors.Join(d.Ledger.PutToken(good), d.Ledger.PutToken(bad)))
		saved, dir := written(t, d), t.TempDir()
		_, err := Restore(ctx, bytes.NewReader(saved), dir, Options{})
		ok(t, err)
		r, err := directory.Open(dir)
		ok(t, err)
		bad.Revoked = day
		later := annuaire.Token{ID: "later", Hash: []byte("later"), Revoked: day}
		ok(t, errors.Join(r.Ledger.PutToken(bad), r.Ledger.PutToken(later), r.Close()))
		_, err = Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
		ok(t, err)
		l := open(t, dir).Ledger
		if got, there, err := l.Token(bad.Hash); !there || !got.Revoked.Equal(day) || err != nil {
			t.Error(got, err)
		}
		if got, there, err := l.Token(good.Hash); !there || !got.Revoked.IsZero() || err != nil {
			t.Error(got, err)
		}
		if _, there, _ := l.Token(later.Hash); there {
			t.Error("a token that the backup does not know came with it")
		}
	})
	t.Run("a ledger that nobody can read any more, too", func(t *testing.T) {
		dir := t.TempDir()
		ok(t, os.WriteFile(filepath.Join(dir, "annuaire.db"), []byte("no database"), 0o600))
		_, err := Restore(ctx, bytes.NewReader(saved), dir, Options{Replace: true})
		ok(t, err)
		if people(t, open(t, dir)) != 2 {
			t.Error("not restored")
		}
	})
}

func TestBackupWithNothingLoaded(t *testing.T) {
	d := open(t, t.TempDir())
	ok(t, d.Ledger.PutToken(annuaire.Token{ID: "abcdef", Hash: []byte("hash")}))
	dir := t.TempDir()
	_, err := Restore(ctx, bytes.NewReader(written(t, d)), dir, Options{})
	ok(t, err)
	if _, found, err := open(t, dir).Ledger.Token([]byte("hash")); !found || err != nil {
		t.Error("the token is missing", err)
	}
}

// Whatever is committed and whichever generation is put in use meanwhile, every backup is of one moment: it restores, and checks clean.
func TestBackupsWhileEverythingMoves(t *testing.T) {
	d := loaded(t)
	stop, moved := make(chan struct{}), make(chan error, 1)
	go func() {
		n := 1
		for {
			select {
			case <-stop:
				moved <- nil
				return
			default:
			}
			n++
			p := annuaire.Professional{ID: anna, Family: "EXEMPLE " + store.RunID(uint64(n))}
			body, hash := store.Body(&p)
			e := store.Entry{Kind: annuaire.KindPerson, Op: annuaire.Changed, ID: anna, Run: store.RunID(uint64(n)), Time: day,
				Record: store.Pack(body, annuaire.Source{Extract: day, Run: "000002"}), Print: store.Print{Rows: uint64(n), Content: hash}}
			err := d.Apply(runOf(store.RunID(uint64(n))), []store.Entry{e}, nil)
			if err == nil && n%5 == 0 {
				err = d.Reindex(ctx, store.RunID(uint64(n)), 0, nil)
			}
			if err != nil {
				moved <- err
				return
			}
		}
	}()
	last := uint64(0)
	for range 8 {
		saved := written(t, d)
		rep, err := Restore(ctx, bytes.NewReader(saved), t.TempDir(), Options{})
		ok(t, err)
		if rep.People != 2 || rep.Seq < last {
			t.Errorf("%+v after %d", rep, last)
		}
		last = rep.Seq
	}
	close(stop)
	ok(t, <-moved)
	if last < 3 {
		t.Error("nothing moved")
	}
}
