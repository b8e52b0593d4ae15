package registry_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/overlay"
	"annuaire/internal/registry"
	"annuaire/internal/store"
)

// modelBox is what the model knows of an entry of the registry; without an operator it is a holder's choices on a national box.
type modelBox struct {
	operator                    bool
	holder                      string
	phone                       string
	rank                        int
	redOperator, redHolder      bool
	opposed, opposedHolder      bool
	suspended, closed, orphaned bool
}

// shown is what the public sees at an address.
type shown struct {
	registered bool
	variant    string // of a national record
	phone      string
	rank       int
}

// boxModel is the registry, the extract and what follows from them, the simple way.
type boxModel struct {
	boxes    map[string]modelBox
	national map[string]string // address -> variant
	people   map[string]bool
}

// at is what the public must see.
func (m *boxModel) at(address string) (shown, bool) {
	v, there := m.national[address]
	b, known := m.boxes[address]
	switch {
	case !known, !b.operator && !b.redHolder:
		return shown{variant: v}, there
	case b.redOperator || b.redHolder || b.suspended || b.closed || b.orphaned:
		return shown{}, false
	}
	out := shown{registered: true, phone: b.phone, rank: b.rank}
	if b.opposed || b.opposedHolder {
		out.phone = ""
	}
	return out, true
}

var (
	addresses = []string{"a@x.formation.mssante.fr", "b@x.formation.mssante.fr", "c@x.formation.mssante.fr"}
	owner     = map[string]string{addresses[0]: anna, addresses[1]: bea, addresses[2]: carl} // in the extract
	everybody = []string{anna, bea, carl}
)

// crashing is a directory whose process dies after a commit: the views do not follow.
type crashing struct{ *directory.Directory }

func (c crashing) Change(fn func(*overlay.State) error) (seq uint64, err error) {
	return 0, c.Use(func(g *directory.Generation) error {
		return g.Store.Read(func(r store.Reader) error {
			return c.Ledger.Update(func(tx *store.Tx) error {
				return fn(overlay.NewState(tx, r, func(annuaire.StructureID) ([]annuaire.Structure, error) { return nil, nil }))
			})
		})
	})
}

func (crashing) Visible(context.Context, uint64) error { return nil }

// machine is the system under test beside its model.
type machine struct {
	dir   string
	d     *directory.Directory
	r     *registry.Registry
	m     boxModel
	runs  int
	again int  // generations built again from records
	dirty bool // views may lag: something crashed
}

func (x *machine) restart(t *rapid.T) {
	ok(t, x.d.Close())
	var err error
	x.d, err = directory.Open(x.dir)
	ok(t, err)
	x.r, x.dirty = registry.New(x.d, policy), false
}

// registrar is the registry, one that dies after the next change now and then.
func (x *machine) registrar(t *rapid.T) *registry.Registry {
	if rapid.IntRange(0, 5).Draw(t, "crash") == 0 {
		x.dirty = true
		return registry.New(crashing{x.d}, policy)
	}
	return x.r
}

func (x *machine) settle(t *rapid.T) {
	if x.dirty {
		x.restart(t)
	}
}

func (x *machine) put(t *rapid.T, r *registry.Registry, address string) {
	id := rapid.SampledFrom(everybody).Draw(t, "holder")
	family, given := names(id)
	b := annuaire.Registered{Address: address, Kind: annuaire.KindPER, Holder: id, Family: family, Given: given, Terms: "1",
		RedListOperator: rapid.Bool().Draw(t, "red"), PhoneOpposed: rapid.Bool().Draw(t, "opposed"), Rank: rapid.IntRange(0, 2).Draw(t, "rank"),
		Phone: rapid.SampledFrom([]string{"", "+33466000000", "+33466000001"}).Draw(t, "phone")}
	_, created, err := r.Put(ctx, operator, b, "")
	old, known := x.m.boxes[address]
	want := ""
	switch {
	case old.operator && old.holder != id:
		want = "holder_fixed"
	case !x.m.people[id]:
		want = "holder_unknown"
	}
	if registry := annuaire.RuleOf(err); registry != want || err == nil && created == old.operator {
		t.Fatalf("put %s: %v created=%t, want %q", address, err, created, want)
	}
	if err != nil {
		return
	}
	next := modelBox{operator: true, holder: id, phone: b.Phone, rank: b.Rank, redOperator: b.RedListOperator, opposed: b.PhoneOpposed}
	if known && old.holder == id {
		next.redHolder, next.opposedHolder = old.redHolder, old.opposedHolder
	}
	x.m.boxes[address] = next
}

func (x *machine) patch(t *rapid.T, r *registry.Registry, address string) {
	b, known := x.m.boxes[address]
	p := annuaire.MailboxPatch{}
	for _, f := range []**bool{&p.RedList, &p.PhoneOpposed} {
		if rapid.Bool().Draw(t, "given") {
			v := rapid.Bool().Draw(t, "value")
			*f = &v
		}
	}
	if rapid.Bool().Draw(t, "operator") {
		for _, f := range []**bool{&p.Suspended, &p.Closed} {
			v := rapid.Bool().Draw(t, "value")
			*f = &v
		}
		_, err := r.Patch(ctx, operator, address, p, "")
		if (annuaire.CodeOf(err) == annuaire.CodeNotFound) == b.operator || err != nil && b.operator {
			t.Fatalf("patch %s: %v", address, err)
		}
		if b.operator {
			b.redOperator, b.opposed = given(p.RedList, b.redOperator), given(p.PhoneOpposed, b.opposed)
			b.suspended, b.closed = *p.Suspended, *p.Closed
			x.m.boxes[address] = b
		}
		return
	}
	id := rapid.SampledFrom(everybody).Draw(t, "holder")
	_, err := r.Patch(ctx, holder(id), address, p, "")
	_, there := x.m.national[address]
	mine := known && b.holder == id || there && owner[address] == id && !b.operator
	if (err == nil) != mine {
		t.Fatalf("patch of %s by %s: %v, model %+v", address, id, err, b)
	}
	if !mine {
		return
	}
	if !known || b.holder != id {
		b = modelBox{holder: id}
	}
	b.redHolder, b.opposedHolder = given(p.RedList, b.redHolder), given(p.PhoneOpposed, b.opposedHolder)
	x.m.boxes[address] = b
}

func given(v *bool, otherwise bool) bool {
	if v == nil {
		return otherwise
	}
	return *v
}

func (x *machine) remove(t *rapid.T, r *registry.Registry, address string) {
	tag := "*"
	if rapid.IntRange(0, 3).Draw(t, "tag") == 0 {
		tag = ""
	}
	err := r.Delete(ctx, operator, address, tag)
	b := x.m.boxes[address]
	want := annuaire.Code("")
	switch {
	case !b.operator:
		want = annuaire.CodeNotFound
	case tag == "":
		want = annuaire.CodePrecondition
	}
	if want == "" && err != nil || want != "" && annuaire.CodeOf(err) != want {
		t.Fatalf("delete %s: %v, want %q", address, err, want)
	}
	if err != nil {
		return
	}
	if delete(x.m.boxes, address); b.redHolder || b.opposedHolder {
		x.m.boxes[address] = modelBox{holder: b.holder, redHolder: b.redHolder, opposedHolder: b.opposedHolder}
	}
}

// sync has people leave and come back, and national boxes come, change and leave; now and then in a generation built aside, while
// something is registered.
func (x *machine) sync(t *rapid.T, aside bool) {
	x.runs++
	run := runOf(store.RunID(uint64(x.runs + 1)))
	var entries []store.Entry
	people, national := maps.Clone(x.m.people), maps.Clone(x.m.national)
	for _, id := range everybody {
		if is := rapid.Bool().Draw(t, "present"); is != people[id] {
			op := annuaire.Created
			if !is {
				op = annuaire.Gone
			}
			entries = append(entries, entry(t, annuaire.KindPerson, op, id, person(id)))
			people[id] = is
		}
	}
	for _, a := range addresses {
		was, there := national[a]
		is := rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "variant")
		if is == was {
			continue
		}
		op := annuaire.Changed
		switch {
		case is == "":
			op = annuaire.Gone
		case !there:
			op = annuaire.Created
		}
		if delete(national, a); is != "" {
			national[a] = is
		}
		entries = append(entries, entry(t, annuaire.KindMailbox, op, a, annuaire.Mailbox{Address: a, Kind: annuaire.KindPER, Owners: []string{owner[a]}, Rank: 1, Description: is}, owner[a]))
	}
	for i := range entries {
		entries[i].Run = run.ID
	}
	if aside {
		b, err := x.d.Build(run.ID)
		ok(t, err)
		ok(t, b.Copy(ctx, x.d.Current(), entries, nil, func(annuaire.Kind, int64) {}))
		for range rapid.IntRange(0, 3).Draw(t, "meanwhile") {
			x.act(t, x.r, rapid.SampledFrom(addresses).Draw(t, "address"))
		}
		ok(t, b.Publish(run, entries, func(*directory.Generation) error { return nil }))
	} else {
		ok(t, x.d.Apply(run, entries, nil))
	}
	x.m.people, x.m.national = people, national
	for a, b := range x.m.boxes {
		if b.operator {
			b.orphaned = !people[b.holder]
			x.m.boxes[a] = b
		}
	}
}

func (x *machine) act(t *rapid.T, r *registry.Registry, address string) {
	switch rapid.IntRange(0, 5).Draw(t, "act") {
	case 0:
		x.remove(t, r, address)
	case 1, 2:
		x.patch(t, r, address)
	default:
		x.put(t, r, address)
	}
}

// lose takes the generation away and loads the extract as it is anew: the registry is all that is left.
func (x *machine) lose(t *rapid.T) {
	ok(t, x.d.Close())
	ok(t, os.RemoveAll(x.dir+"/generations"))
	var err error
	x.d, err = directory.Open(x.dir)
	ok(t, err)
	x.r = registry.New(x.d, policy)
	x.runs++
	reload(t, x.d, store.RunID(uint64(x.runs+1)), x.m)
}

func (x *machine) upkeep(t *rapid.T) {
	if n, err := x.r.Upkeep(ctx); n > 0 || err != nil {
		t.Fatal("deleted before its time", n, err)
	}
}

// reindex builds a generation from the records alone.
func (x *machine) reindex(t *rapid.T) {
	x.settle(t)
	x.again++
	ok(t, x.d.Reindex(ctx, fmt.Sprintf("%06d-r%d", x.runs+1, x.again), 0, nil))
}

// compare holds the directory against the model.
func (x *machine) compare(t *rapid.T) {
	held := map[string]int{}
	for _, a := range addresses {
		want, there := x.m.at(a)
		got, err := x.d.Mailbox(ctx, a)
		is := shown{registered: got.Registered, variant: got.Description, phone: got.Phone}
		if got.Registered {
			is.rank = got.Rank
		}
		if (err == nil) != there || there && is != want {
			t.Fatalf("%s: %+v %v, want %+v %t; model %+v", a, got, err, want, there, x.m.boxes[a])
		}
		if there && want.registered {
			held[x.m.boxes[a].holder]++
		} else if there {
			held[owner[a]]++
		}
		page, err := x.d.SearchMailboxes(ctx, annuaire.Query{Where: annuaire.Equals(annuaire.FieldMailbox, a)})
		ok(t, err)
		if (page.Total == 1) != there {
			t.Fatalf("%s: found %d times", a, page.Total)
		}
	}
	for _, id := range everybody {
		page, err := x.d.SearchProfessionals(ctx, annuaire.Query{Where: annuaire.And(annuaire.Equals(annuaire.FieldID, id), annuaire.Present(annuaire.FieldMailbox))})
		ok(t, err)
		if (page.Total == 1) != (x.m.people[id] && held[id] > 0) {
			t.Fatalf("%s: has a box: %d, holds %d", id, page.Total, held[id])
		}
	}
}

// The registry and the views do what a simple model of them does, whatever happens in which order, with restarts and crashes between.
func TestRegistryFollowsItsModel(t *testing.T) {
	base := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := fmt.Sprintf("%s/%d", base, n)
		d, err := directory.Open(dir)
		ok(t, err)
		x := &machine{dir: dir, d: d, r: registry.New(d, policy), m: boxModel{boxes: map[string]modelBox{}, national: map[string]string{}, people: map[string]bool{anna: true, bea: true, carl: true}}}
		defer func() { ok(t, x.d.Close()) }()
		load(t, d, slices.Clone(everybody))
		t.Repeat(map[string]func(*rapid.T){
			"act":     func(t *rapid.T) { x.act(t, x.registrar(t), rapid.SampledFrom(addresses).Draw(t, "address")) },
			"act too": func(t *rapid.T) { x.act(t, x.registrar(t), rapid.SampledFrom(addresses).Draw(t, "address")) },
			"sync":    func(t *rapid.T) { x.settle(t); x.sync(t, false) },
			"aside":   func(t *rapid.T) { x.settle(t); x.sync(t, true) },
			"restart": x.restart,
			"reload":  func(t *rapid.T) { x.settle(t); x.lose(t) },
			"upkeep":  x.upkeep,
			"reindex": x.reindex,
			"sound":   func(t *rapid.T) { x.settle(t); sound(t, x.d) },
			"": func(t *rapid.T) {
				if !x.dirty {
					x.compare(t)
				}
			},
		})
	})
}
