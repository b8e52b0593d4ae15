package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"

	"annuaire"
	"annuaire/index"
	"annuaire/internal/directory"
	"annuaire/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	ctx = context.Background()
	day = time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
)

const anna, bea = "899000000017", "899000000025"

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func packed(t testing.TB, p annuaire.Professional) ([]byte, store.Print) {
	t.Helper()
	body, hash, err := store.Body(&p)
	ok(t, err)
	return store.Pack(body, annuaire.Source{Extract: day, Run: "000001"}), store.Print{Rows: 1, Content: hash}
}

// open opens a data directory that the test closes.
func open(t testing.TB, dir string) *directory.Directory {
	t.Helper()
	d, err := directory.Open(dir)
	ok(t, err)
	t.Cleanup(func() { ok(t, d.Close()) })
	return d
}

func runOf(id string) store.Run {
	return store.Run{ID: id, Extract: day, Info: store.Info{Extract: day, Run: id, Model: 1}}
}

// loaded is a data directory with two people.
func loaded(t testing.TB) *directory.Directory {
	t.Helper()
	d := open(t, t.TempDir())
	fill(t, d)
	return d
}

// fill loads two people.
func fill(t testing.TB, d *directory.Directory) {
	t.Helper()
	b, err := d.Build("000001")
	ok(t, err)
	for _, id := range []string{anna, bea} {
		p := annuaire.Professional{ID: id, Family: "EXEMPLE"}
		rec, pr := packed(t, p)
		ok(t, b.Store.PutPerson(id, rec, pr))
		ok(t, b.People.Add(index.PersonDoc{Person: &p}))
	}
	load := store.Entry{Kind: store.KindLoad, Op: annuaire.Created, ID: "000001", Run: "000001", Time: day}
	ok(t, b.Publish(runOf("000001"), []store.Entry{load}, func(*directory.Generation) error { return nil }))
}

// leave commits the departure of a person.
func leave(t testing.TB, d *directory.Directory, run, id string) {
	t.Helper()
	ok(t, d.Apply(runOf(run), []store.Entry{{Kind: annuaire.KindPerson, Op: annuaire.Gone, ID: id, Run: run, Time: day}}, nil))
}

func written(t testing.TB, d *directory.Directory) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := Write(ctx, d, "test", &b)
	ok(t, err)
	return b.Bytes()
}

func people(t testing.TB, d *directory.Directory) int {
	t.Helper()
	page, err := d.SearchProfessionals(ctx, annuaire.Query{})
	ok(t, err)
	return page.Total
}

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

// Whatever is wrong with the file, what was there stays, to the byte.
func TestDamagedBackupsAreRefused(t *testing.T) {
	d := loaded(t)
	saved := written(t, d)
	dir := t.TempDir()
	_, err := Restore(ctx, bytes.NewReader(saved), dir, Options{})
	ok(t, err)
	before := tree(t, dir)
	refused := func(t *testing.T, b []byte, code annuaire.Code) {
		t.Helper()
		_, err := Restore(ctx, bytes.NewReader(b), dir, Options{Replace: true})
		if err == nil || annuaire.CodeOf(err) != code {
			t.Fatal("taken, or refused for another reason:", err)
		}
		if tree(t, dir) != before {
			t.Fatal("the data was touched")
		}
	}
	t.Run("cut anywhere", func(t *testing.T) {
		for i := range 20 {
			refused(t, saved[:len(saved)*i/20], annuaire.CodeInvalid)
		}
	})
	t.Run("a bit flipped anywhere", func(t *testing.T) {
		for i := range 40 {
			b := bytes.Clone(saved)
			b[len(b)*i/40] ^= 4
			refused(t, b, annuaire.CodeInvalid)
		}
	})
	t.Run("another file altogether", func(t *testing.T) {
		refused(t, []byte("PK\x03\x04 a zip, say"), annuaire.CodeInvalid)
		refused(t, nil, annuaire.CodeInvalid)
	})
	for rule, edit := range map[string]func(name, body string) (string, string){
		"a newer format":                 func(n, b string) (string, string) { return n, strings.Replace(b, `"format": 1`, `"format": 2`, 1) },
		"a generation outside the data":  func(n, b string) (string, string) { return n, strings.Replace(b, `"000001"`, `"../../x"`, 1) },
		"a member that is not its own":   func(n, b string) (string, string) { return strings.Replace(n, recordsName, "../x", 1), b },
		"records that their sum forbids": func(n, b string) (string, string) { return n, strings.Replace(b, "EXEMPLE", "EXAMPLE", 1) },
	} {
		t.Run(rule, func(t *testing.T) { refused(t, edited(t, saved, edit), annuaire.CodeInvalid) })
	}
}

// edited rewrites the members of a backup.
func edited(t *testing.T, saved []byte, edit func(name, body string) (string, string)) []byte {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(saved))
	ok(t, err)
	defer z.Close()
	var out bytes.Buffer
	zw, err := zstd.NewWriter(&out)
	ok(t, err)
	w := tar.NewWriter(zw)
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			ok(t, errors.Join(w.Close(), zw.Close()))
			return out.Bytes()
		}
		ok(t, err)
		b, err := io.ReadAll(r)
		ok(t, err)
		name, body := edit(h.Name, string(b))
		h.Name, h.Size = name, int64(len(body))
		ok(t, w.WriteHeader(h))
		_, err = io.WriteString(w, body)
		ok(t, err)
	}
}

// tree is everything that lies in a data directory but the folder of what is under way.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	ok(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			out.WriteString(path + "\n")
			return err
		}
		b, err := os.ReadFile(path)
		out.WriteString(path + " " + string(b) + "\n")
		return err
	}))
	return out.String()
}

func TestSealedBackups(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	ok(t, err)
	other, err := age.GenerateX25519Identity()
	ok(t, err)
	keys, wrong := filepath.Join(t.TempDir(), "key"), filepath.Join(t.TempDir(), "other")
	ok(t, os.WriteFile(keys, []byte(id.String()+"\n"), 0o600))
	ok(t, os.WriteFile(wrong, []byte(other.String()+"\n"), 0o600))
	seal := func(k Key) []byte {
		var b bytes.Buffer
		w, err := k.Seal(&b)
		ok(t, err)
		_, err = io.WriteString(w, "EXEMPLE")
		ok(t, errors.Join(err, w.Close()))
		return b.Bytes()
	}
	phrase := Key{Passphrase: "une phrase assez longue", work: 4}
	for _, tt := range []struct {
		rule       string
		with, open Key
		opens      bool
	}{
		{"a passphrase opens what it sealed", phrase, phrase, true},
		{"another passphrase does not", phrase, Key{Passphrase: "une autre phrase, longue"}, false},
		{"a private key opens what was sealed for its public key", Key{Recipients: []string{id.Recipient().String()}}, Key{Identities: keys}, true},
		{"another private key does not", Key{Recipients: []string{id.Recipient().String()}}, Key{Identities: wrong}, false},
		{"no key does not", phrase, Key{}, false},
		{"what is not sealed needs none", Key{}, Key{}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			b := seal(tt.with)
			if sealed := tt.with.Passphrase != "" || tt.with.Recipients != nil; sealed == bytes.Contains(b, []byte("EXEMPLE")) {
				t.Error("sealed:", sealed)
			}
			r, err := tt.open.Open(bytes.NewReader(b))
			if !tt.opens {
				if annuaire.CodeOf(err) != annuaire.CodeInvalid {
					t.Fatal(err)
				}
				return
			}
			ok(t, err)
			if got, err := io.ReadAll(r); string(got) != "EXEMPLE" || err != nil {
				t.Error(string(got), err)
			}
		})
	}
	t.Run("a passphrase that others can read, or a short one, is refused", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "phrase")
		for text, mode := range map[string]os.FileMode{"une phrase assez longue\n": 0o644, "courte\n": 0o600} {
			ok(t, os.WriteFile(path, []byte(text), mode))
			ok(t, os.Chmod(path, mode))
			if _, err := ReadPassphrase(path); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%q, %v: %v", text, mode, err)
			}
		}
	})
	t.Run("a public key that is none is refused", func(t *testing.T) {
		if _, err := (Key{Recipients: []string{"age1x"}}).Seal(io.Discard); annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Error(err)
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

// A stranger's file never panics, never writes outside, and is never taken.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("\x28\xb5\x2f\xfd"))
	f.Add(written(f, loaded(f)))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		_, _ = unpack(ctx, bytes.NewReader(b), filepath.Join(dir, "stage"))
		left, err := os.ReadDir(dir)
		if err != nil || len(left) > 1 {
			t.Error(left, err)
		}
	})
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
			body, hash, err := store.Body(&p)
			if err == nil {
				e := store.Entry{Kind: annuaire.KindPerson, Op: annuaire.Changed, ID: anna, Run: store.RunID(uint64(n)), Time: day,
					Record: store.Pack(body, annuaire.Source{Extract: day, Run: "000002"}), Print: store.Print{Rows: uint64(n), Content: hash}}
				err = d.Apply(runOf(store.RunID(uint64(n))), []store.Entry{e}, nil)
			}
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
