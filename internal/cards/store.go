package cards

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

// Loaded is what is known of the extract that was taken in last.
type Loaded struct {
	File    string    `json:"file" cbor:"1,keyasint"`
	Stamp   time.Time `json:"stamp" cbor:"2,keyasint"`
	Size    int64     `json:"size" cbor:"3,keyasint"`
	Holders int       `json:"holders" cbor:"4,keyasint"`
	At      time.Time `json:"at" cbor:"5,keyasint"`
}

// The holders are kept in shards: those whose IdNatPP begins alike, its last five digits and the day of each in six bytes, in order. A
// record for each of a million and a half would take fifty times the room.
var (
	shards = store.NewTable[[]byte]("cards")
	loaded = store.NewTable[Loaded]("cards-loaded")
)

const (
	entry  = 6 // bytes: 4 of the last digits, 2 of the day
	onlyID = "last"
)

// Load takes in the newest extract of cards in paths. ok is false when there is none; Report.Same says that it is the one loaded. An older
// one than that is left alone. CodeInvalid for one that cannot be used: what was loaded before stays.
func Load(ctx context.Context, l *store.Ledger, paths ...string) (rep Report, ok bool, err error) {
	f, ok, err := Find(paths...)
	if !ok || err != nil {
		return rep, false, err
	}
	before, err := Last(l)
	if err != nil {
		return rep, true, err
	}
	if before != nil && (f.Stamp.Before(before.Stamp) || f.Stamp.Equal(before.Stamp) && f.Size == before.Size) {
		return Report{File: f.Name(), Stamp: f.Stamp, Holders: before.Holders, Same: true}, true, nil
	}
	in, err := f.open()
	if err != nil {
		return rep, true, err
	}
	holders, rep, err := read(ctx, in)
	rep.File, rep.Stamp = f.Name(), f.Stamp
	if err = errors.Join(err, in.Close()); err != nil {
		return rep, true, err
	}
	return rep, true, l.Update(func(tx *store.Tx) error { return replace(tx, f, holders) })
}

func replace(tx *store.Tx, f File, holders []card) error {
	if err := shards.Clear(tx); err != nil {
		return err
	}
	n := len(holders)
	for len(holders) > 0 {
		key, part := shard(holders[0].id), 1
		for part < len(holders) && shard(holders[part].id) == key {
			part++
		}
		v := make([]byte, 0, part*entry)
		for _, c := range holders[:part] {
			v = binary.BigEndian.AppendUint32(v, uint32(c.id%100_000))
			v = binary.BigEndian.AppendUint16(v, c.day)
		}
		if err := shards.Put(tx, key, v); err != nil {
			return err
		}
		holders = holders[part:]
	}
	return loaded.Put(tx, onlyID, Loaded{File: f.Name(), Stamp: f.Stamp, Size: f.Size, Holders: n, At: time.Now().UTC().Truncate(time.Second)})
}

func shard(id uint64) string { return fmt.Sprintf("%07d", id/100_000) }

// Last returns what was loaded last; nil when nothing ever was.
func Last(l *store.Ledger) (last *Loaded, err error) {
	err = l.View(func(tx *store.Tx) error {
		rec, ok, err := loaded.Get(tx, onlyID)
		if ok {
			last = &rec
		}
		return err
	})
	return last, err
}

// Holds reports whether somebody, by IdNatPP, holds a CPS at a time. known is false while no extract was ever loaded: nothing then follows.
func Holds(l *store.Ledger, id string, at time.Time) (holds, known bool, err error) {
	err = l.View(func(tx *store.Tx) error {
		if _, known, err = loaded.Get(tx, onlyID); err != nil || !known || annuaire.RPPSOf(id) == "" {
			return err
		}
		n, err := strconv.ParseUint(id, 10, 64)
		if err != nil {
			return nil // no number: nobody
		}
		v, _, err := shards.Get(tx, shard(n))
		if err != nil {
			return err
		}
		holds = within(v, uint32(n%100_000), dayFrom(at))
		return nil
	})
	return holds, known, err
}

// within looks for the last digits in a shard and compares its day.
func within(v []byte, last uint32, day uint16) bool {
	at, found := sort.Find(len(v)/entry, func(i int) int { return cmp.Compare(last, binary.BigEndian.Uint32(v[i*entry:])) })
	return found && binary.BigEndian.Uint16(v[at*entry+4:]) >= day
}
