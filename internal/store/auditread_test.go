package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"annuaire"
)

func auditedLedger(t testing.TB, n int) *Ledger {
	t.Helper()
	l, err := OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	ok(t, err)
	t.Cleanup(func() { ok(t, l.Close()) })
	writeLines(t, l, n)
	return l
}

func writeLines(t testing.TB, l *Ledger, n int) {
	t.Helper()
	ok(t, l.Update(func(tx *Tx) error {
		for i := range n {
			e := annuaire.Caller{ID: fmt.Sprint("who", i%3), Roles: []annuaire.Role{annuaire.RoleOperator}, Proof: "token", From: "192.0.2.1"}.Event([]string{"mailbox.create", "mailboxes.export", "token.create"}[i%3], fmt.Sprint("t", i))
			e.After = map[string]int{"n": i}
			if err := tx.Audit(e); err != nil {
				return err
			}
		}
		return nil
	}))
}

// tamper changes the file behind the back of the program.
func tamper(t testing.TB, l *Ledger, fn func(lines, last *bolt.Bucket) error) {
	t.Helper()
	ok(t, l.db.Update(func(tx *bolt.Tx) error { return fn(tx.Bucket(auditTable.bucket), tx.Bucket(auditLast.bucket)) }))
}

func verdict(t testing.TB, l *Ledger, anchor *annuaire.AuditAnchor) annuaire.AuditVerdict {
	t.Helper()
	v, err := l.VerifyAudit(anchor)
	ok(t, err)
	return v
}

func TestAuditReadsBack(t *testing.T) {
	l := auditedLedger(t, 2*auditChunk+7)
	read := func(f annuaire.AuditFilter) (out []annuaire.AuditRecord) {
		ok(t, l.EachAudit(f, func(r annuaire.AuditRecord) error {
			out = append(out, r)
			return nil
		}))
		return out
	}
	t.Run("every line comes once, in order, with what was before and after", func(t *testing.T) {
		all := read(annuaire.AuditFilter{})
		if len(all) != 2*auditChunk+7 {
			t.Fatal(len(all))
		}
		for i, r := range all {
			if r.Seq != uint64(i+1) || string(r.After.(json.RawMessage)) != fmt.Sprintf(`{"n":%d}`, i) || r.Before != nil || len(r.Hash) != 64 || r.Time.Location() != time.UTC {
				t.Fatalf("%d: %+v", i, r)
			}
		}
	})
	for rule, tt := range map[string]struct {
		f    annuaire.AuditFilter
		want int
	}{
		"a person's lines":                         {annuaire.AuditFilter{Who: "who1"}, 336},
		"a kind of lines, whole words only":        {annuaire.AuditFilter{What: "mailbox"}, 336},
		"one act":                                  {annuaire.AuditFilter{What: "token.create"}, 335},
		"none of the future":                       {annuaire.AuditFilter{Since: time.Now().Add(time.Hour)}, 0},
		"none from before there were any":          {annuaire.AuditFilter{Until: time.Now().Add(-time.Hour)}, 0},
		"the last ones":                            {annuaire.AuditFilter{Last: 5}, 5},
		"the last ones of those that are chosen":   {annuaire.AuditFilter{Last: 5, Who: "who1"}, 5},
		"fewer than asked for when there are none": {annuaire.AuditFilter{Last: 5, Who: "nobody"}, 0},
	} {
		t.Run(rule, func(t *testing.T) {
			if got := read(tt.f); len(got) != tt.want {
				t.Error(len(got))
			} else if tt.f.Last > 0 && tt.want > 0 && got[len(got)-1].Seq < 2*auditChunk {
				t.Error(got[len(got)-1].Seq)
			}
		})
	}
	t.Run("an error of who reads ends it", func(t *testing.T) {
		stop := errors.New("enough")
		if err := l.EachAudit(annuaire.AuditFilter{}, func(annuaire.AuditRecord) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
	})
	t.Run("what was never written is empty, and in order", func(t *testing.T) {
		l := auditedLedger(t, 0)
		if v := verdict(t, l, nil); v.Fault != "" || v.Lines != 0 {
			t.Error(v)
		}
		if head, err := l.AuditHead(); err != nil || head.Seq != 0 {
			t.Error(head, err)
		}
	})
}

func TestVerifyAudit(t *testing.T) {
	const n = 9
	change := func(seq uint64, edit func(*auditLine)) func(lines, last *bolt.Bucket) error {
		return func(lines, _ *bolt.Bucket) error {
			var line auditLine
			if err := Decode(lines.Get(key(seq)), &line); err != nil {
				return err
			}
			edit(&line)
			v, err := Encode(line)
			return errors.Join(err, lines.Put(key(seq), v))
		}
	}
	remove := func(seqs ...uint64) func(lines, last *bolt.Bucket) error {
		return func(lines, _ *bolt.Bucket) (err error) {
			for _, s := range seqs {
				err = errors.Join(err, lines.Delete(key(s)))
			}
			return err
		}
	}
	for rule, tt := range map[string]struct {
		tamper func(lines, last *bolt.Bucket) error
		fault  annuaire.AuditFault
		at     uint64
	}{
		"a line that was changed shows":                     {change(4, func(l *auditLine) { l.Target = "other" }), annuaire.AuditChanged, 4},
		"who did it cannot be changed":                      {change(1, func(l *auditLine) { l.Who = "x" }), annuaire.AuditChanged, 1},
		"nor when":                                          {change(9, func(l *auditLine) { l.Time = l.Time.Add(time.Second) }), annuaire.AuditChanged, 9},
		"nor what was before or after":                      {change(5, func(l *auditLine) { l.Before = []byte("{}") }), annuaire.AuditChanged, 5},
		"a hash that was made to fit shows at the next":     {change(4, func(l *auditLine) { l.Target = "x"; l.Hash, _ = l.chained(nil) }), annuaire.AuditChanged, 4},
		"a line that was taken out shows":                   {remove(3), annuaire.AuditMissing, 3},
		"the first line that was taken out shows":           {remove(1), annuaire.AuditMissing, 1},
		"lines that were cut off the end show":              {remove(8, 9), annuaire.AuditMissing, 8},
		"a line that is no line shows":                      {func(lines, _ *bolt.Bucket) error { return lines.Put(key(6), []byte{0xff}) }, annuaire.AuditChanged, 6},
		"a line under a number of no line shows":            {func(lines, _ *bolt.Bucket) error { return lines.Put([]byte("x"), lines.Get(key(9))) }, annuaire.AuditInserted, 0},
		"a line put in front shows":                         {func(lines, _ *bolt.Bucket) error { return lines.Put(key(0), lines.Get(key(9))) }, annuaire.AuditInserted, 0},
		"a line put after the end, without its hash, shows": {func(lines, _ *bolt.Bucket) error { return lines.Put(key(10), lines.Get(key(9))) }, annuaire.AuditChanged, 10},
		"an end whose hash was changed shows":               {func(_, last *bolt.Bucket) error { return last.Put([]byte(lastKey), []byte{0x41, 0}) }, annuaire.AuditMissing, 10},
	} {
		t.Run(rule, func(t *testing.T) {
			l := auditedLedger(t, n)
			if v := verdict(t, l, nil); v.Fault != "" || v.Lines != n || v.Head.Seq != n {
				t.Fatal(v)
			}
			tamper(t, l, tt.tamper)
			if v := verdict(t, l, nil); v.Fault != tt.fault || v.At != tt.at {
				t.Errorf("%+v", v)
			}
		})
	}
}

func TestAuditAnchor(t *testing.T) {
	l := auditedLedger(t, 5)
	anchor, err := l.AuditHead()
	ok(t, err)
	writeLines(t, l, 4)
	t.Run("what goes on from it holds", func(t *testing.T) {
		if v := verdict(t, l, &anchor); v.Fault != "" || v.Lines != 9 {
			t.Error(v)
		}
	})
	t.Run("it reads back as it is written", func(t *testing.T) {
		if got, err := annuaire.ParseAuditAnchor(anchor.String() + "\n"); err != nil || got != anchor {
			t.Error(got, err)
		}
		for _, bad := range []string{"", "5", "0:" + anchor.Hash, "5:abc", "x:" + anchor.Hash, "5:" + anchor.Hash + "zz", "-1:" + anchor.Hash, anchor.Hash} {
			if _, err := annuaire.ParseAuditAnchor(bad); annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
	t.Run("an end that was cut off and made to fit shows by it alone", func(t *testing.T) {
		cut := auditedLedger(t, 4)
		if v := verdict(t, cut, nil); v.Fault != "" {
			t.Fatal(v)
		}
		if v := verdict(t, cut, &anchor); v.Fault != annuaire.AuditMissing || v.At != 5 {
			t.Error(v)
		}
	})
	t.Run("an audit that was written anew shows by it alone", func(t *testing.T) {
		anew := auditedLedger(t, 0)
		ok(t, anew.AuditNow(annuaire.Caller{ID: "other"}.Event("x", "y")))
		writeLines(t, anew, 8)
		if v := verdict(t, anew, nil); v.Fault != "" {
			t.Fatal(v)
		}
		if v := verdict(t, anew, &anchor); v.Fault != annuaire.AuditDiverged || v.At != 5 {
			t.Error(v)
		}
	})
}

func TestAdoptAudit(t *testing.T) {
	t.Run("what a backup did not have yet is taken over, and the chain goes on", func(t *testing.T) {
		old, backup := auditedLedger(t, 3), auditedLedger(t, 0)
		n, err := backup.AdoptAudit(old)
		if err != nil || n != 3 {
			t.Fatal(n, err)
		}
		writeLines(t, old, 4)
		if n, err := backup.AdoptAudit(old); err != nil || n != 4 {
			t.Fatal(n, err)
		}
		writeLines(t, backup, 1)
		if v := verdict(t, backup, nil); v.Fault != "" || v.Lines != 8 {
			t.Error(v)
		}
	})
	t.Run("of one that went another way nothing is", func(t *testing.T) {
		other, backup := auditedLedger(t, 0), auditedLedger(t, 2)
		ok(t, other.AuditNow(annuaire.Caller{ID: "other"}.Event("x", "y")))
		writeLines(t, other, 5)
		if n, err := backup.AdoptAudit(other); err != nil || n != 0 {
			t.Error(n, err)
		}
		if v := verdict(t, backup, nil); v.Fault != "" || v.Lines != 2 {
			t.Error(v)
		}
	})
}

// Whatever byte of whatever line is changed, verification finds it, at that line or before the next one.
func TestNoByteOfTheAuditCanChange(t *testing.T) {
	l := auditedLedger(t, 6)
	rapid.Check(t, func(r *rapid.T) {
		seq := uint64(rapid.IntRange(1, 6).Draw(r, "line"))
		var saved []byte
		tamper(t, l, func(lines, _ *bolt.Bucket) error {
			saved = append([]byte(nil), lines.Get(key(seq))...)
			v := append([]byte(nil), saved...)
			v[rapid.IntRange(0, len(v)-1).Draw(r, "byte")] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
			return lines.Put(key(seq), v)
		})
		v, err := l.VerifyAudit(nil)
		tamper(t, l, func(lines, _ *bolt.Bucket) error { return lines.Put(key(seq), saved) })
		if err != nil || v.Fault == "" {
			r.Fatalf("line %d: %+v %v", seq, v, err)
		}
	})
}
