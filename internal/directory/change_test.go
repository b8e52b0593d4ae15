package directory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"annuaire"
	"annuaire/internal/overlay"
)

// register writes a box of Anna's into the registry.
func register(d *Directory, local string, hidden bool) (uint64, error) {
	address := local + "@x.formation.mssante.fr"
	b := annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: anna, Operator: "x.formation.mssante.fr", RedListOperator: hidden, Created: day, Changed: day, Version: 1}
	return d.Change(func(s *overlay.State) error { return s.Put(address, &b, day) })
}

func TestChange(t *testing.T) {
	t.Run("there is nothing to change before the first load", func(t *testing.T) {
		if _, err := register(fresh(t), "a", false); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
	t.Run("nor in a directory that is closed", func(t *testing.T) {
		d := loadedAt(t)
		ok(t, d.Close())
		if _, err := register(d, "a", false); err == nil {
			t.Error("changed")
		}
	})
	t.Run("what fails leaves nothing", func(t *testing.T) {
		d := loaded(t)
		_, err := d.Change(func(s *overlay.State) error {
			b := annuaire.Registered{Address: "a@x.formation.mssante.fr", Kind: annuaire.KindPER, Operator: "x", Changed: day}
			ok(t, s.Put(b.Address, &b, day))
			return errors.New("no")
		})
		head, _, herr := d.Ledger.Head()
		ok(t, herr)
		if err == nil || head != 1 {
			t.Error(err, head)
		}
		sound(t, d)
	})
	t.Run("the feed tells of it, and who waits for news hears", func(t *testing.T) {
		d := loaded(t)
		news := d.Committed()
		seq, err := register(d, "a", false)
		ok(t, err)
		<-news
		all, err := d.Changes(ctx, seq-1, 10)
		ok(t, err)
		if len(all) != 1 || all[0].Op != annuaire.Created || !all[0].Mailbox.Registered || all[0].Run != "" {
			t.Errorf("%+v", all)
		}
	})
	t.Run("a change that nobody sees is no news", func(t *testing.T) {
		d := loaded(t)
		news := d.Committed()
		seq, err := register(d, "a", true)
		ok(t, err)
		ok(t, d.Visible(ctx, seq))
		select {
		case <-news:
			t.Error("heard")
		default:
		}
	})
	t.Run("many at once are all visible, and what is checked meanwhile is sound", func(t *testing.T) {
		d := loaded(t)
		var wg sync.WaitGroup
		defer wg.Wait()
		for i := range 40 {
			wg.Go(func() {
				seq, err := register(d, fmt.Sprint("many", i), i%4 == 0)
				if err == nil {
					err = d.Visible(ctx, seq)
				}
				if err != nil {
					t.Error(err)
				}
			})
			if i%10 == 0 {
				sound(t, d)
			}
		}
		wg.Wait()
		it, err := d.Professional(ctx, anna)
		ok(t, err)
		if len(it.Mailboxes) != 31 { // one of the extract
			t.Error(len(it.Mailboxes))
		}
		sound(t, d)
	})
	t.Run("who waits may stop waiting: what was done is done", func(t *testing.T) {
		d := loaded(t)
		d.Current().views.Lock() // the views cannot move
		seq, err := register(d, "a", false)
		ok(t, err)
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if err := d.Visible(gone, seq); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		d.Current().views.Unlock()
		ok(t, d.Visible(ctx, seq))
	})
	t.Run("views that cannot follow are said not to, by the wait and by the status", func(t *testing.T) {
		d := loadedAt(t)
		ok(t, d.Current().Places.Close())
		seq, err := register(d, "a", false)
		ok(t, err)
		if err := d.Visible(ctx, seq); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
		if d.Status()["index"] == nil {
			t.Error("the status is good")
		}
		again := reopen(t, d, func() {})
		if _, err := again.Mailbox(ctx, "a@x.formation.mssante.fr"); err != nil {
			t.Error("it is not there after the next start:", err)
		}
		sound(t, again)
	})
}

// What `annuaire check` finds of the registry.
func TestCheckOfTheRegistry(t *testing.T) {
	for _, tt := range []struct {
		rule string
		harm func(*overlay.State) error
	}{
		{"a hidden box that is shown", func(s *overlay.State) error {
			b, _, err := overlay.Boxes.Get(s.Tx, "anna@x.formation.mssante.fr")
			b = annuaire.Registered{Address: "anna@x.formation.mssante.fr", Kind: annuaire.KindPER, RedListHolder: true, Changed: day}
			return errors.Join(err, overlay.Keep(s.Tx, b.Address, nil, &b))
		}},
		{"a registered box that is not shown", func(s *overlay.State) error {
			b := annuaire.Registered{Address: "new@x.formation.mssante.fr", Kind: annuaire.KindPER, Operator: "x", Changed: day}
			return overlay.Keep(s.Tx, b.Address, nil, &b)
		}},
		{"a box that is shown otherwise than registered", func(s *overlay.State) error {
			b, _, err := overlay.Boxes.Get(s.Tx, "good@x.formation.mssante.fr")
			b.Phone = "+33466000000"
			return errors.Join(err, overlay.Keep(s.Tx, b.Address, nil, &b))
		}},
		{"one that is shown as registered and is not", func(s *overlay.State) error {
			return overlay.Keep(s.Tx, "good@x.formation.mssante.fr", nil, nil)
		}},
		{"a record under nothing", func(s *overlay.State) error {
			return overlay.Under.Put(s.Tx, "bea1@x.formation.mssante.fr", overlay.Covered{Record: make([]byte, 16)})
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			d := loaded(t)
			seq, err := register(d, "good", false)
			ok(t, err)
			ok(t, d.Visible(ctx, seq))
			sound(t, d)
			_, err = d.Change(tt.harm)
			ok(t, err)
			rep, err := d.Check(ctx)
			if err == nil && rep.Problems == 0 {
				t.Error("not found")
			}
		})
	}
}
