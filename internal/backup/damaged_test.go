package backup

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"annuaire"
)

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
