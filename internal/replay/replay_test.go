package replay_test

import (
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/replay"
	"annuaire/internal/store"
)

func TestAnswers(t *testing.T) {
	l, err := store.OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	a := replay.New(l, func() time.Time { return now })
	begin := func(who, key, print string) (*annuaire.Answer, error) { return a.Begin(who, key, []byte(print)) }
	sent := &annuaire.Answer{Status: 201, Header: map[string]string{"ETag": `"1"`}, Body: []byte("{}")}
	t.Run("a new key is done", func(t *testing.T) {
		if got, err := begin("op", "k", "p"); got != nil || err != nil {
			t.Error(got, err)
		}
	})
	t.Run("a key in use waits for nobody", func(t *testing.T) {
		if _, err := begin("op", "k", "p"); annuaire.RuleOf(err) != replay.RuleInUse || annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
	if err := a.End("op", "k", []byte("p"), sent); err != nil {
		t.Fatal(err)
	}
	t.Run("the same request gets the same answer", func(t *testing.T) {
		for range 2 {
			got, err := begin("op", "k", "p")
			if err != nil || got == nil || got.Status != 201 || got.Header["ETag"] != `"1"` || string(got.Body) != "{}" {
				t.Error(got, err)
			}
		}
	})
	t.Run("after a restart too", func(t *testing.T) {
		if got, err := replay.New(l, func() time.Time { return now }).Begin("op", "k", []byte("p")); got == nil || err != nil {
			t.Error(got, err)
		}
	})
	t.Run("another request under the key is refused", func(t *testing.T) {
		if _, err := begin("op", "k", "other"); annuaire.RuleOf(err) != replay.RuleOtherContent {
			t.Error(err)
		}
	})
	t.Run("the key of another caller is another key", func(t *testing.T) {
		if got, err := begin("op2", "k", "other"); got != nil || err != nil {
			t.Error(got, err)
		}
	})
	t.Run("an answer that is not kept leaves the key free", func(t *testing.T) {
		if err := a.End("op2", "k", []byte("other"), nil); err != nil {
			t.Fatal(err)
		}
		if got, err := begin("op2", "k", "third"); got != nil || err != nil {
			t.Error(got, err)
		}
	})
	t.Run("one that is about somebody goes with them, and no other", func(t *testing.T) {
		for key, body := range map[string]string{"about": "of zoe", "other": "of bea"} {
			if _, err := begin("op", key, "p"); err != nil {
				t.Fatal(err)
			}
			if err := a.End("op", key, []byte("p"), &annuaire.Answer{Status: 200, Body: []byte(body)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Update(func(tx *store.Tx) error {
			return replay.Forget(tx, func(body []byte) bool { return strings.Contains(string(body), "zoe") })
		}); err != nil {
			t.Fatal(err)
		}
		if got, err := begin("op", "about", "p"); got != nil || err != nil {
			t.Error(got, err)
		}
		if got, err := begin("op", "other", "p"); got == nil || err != nil {
			t.Error(got, err)
		}
	})
	t.Run("after a day it is done anew", func(t *testing.T) {
		now = now.Add(replay.Life)
		if got, err := begin("op", "k", "other"); got != nil || err != nil {
			t.Error(got, err)
		}
	})
	t.Run("of many at once, one is done", func(t *testing.T) {
		var done atomic.Int32
		var wg sync.WaitGroup
		start := make(chan struct{})
		for range 8 {
			wg.Go(func() {
				<-start
				if got, err := begin("op", "race", "p"); got == nil && err == nil {
					done.Add(1)
				}
			})
		}
		close(start)
		wg.Wait()
		if done.Load() != 1 {
			t.Error(done.Load())
		}
	})
}
