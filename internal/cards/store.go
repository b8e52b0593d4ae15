package cards

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
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
	gone, err := keys(tx)
	if err != nil {
		return err
	}
	for _, k := range gone {
		if err := shards.Delete(tx, k); err != nil {
			return err
		}
	}
	for len(holders) > 0 {
		key, n := shard(holders[0].id), 1
		for n < len(holders) && shard(holders[n].id) == key {
			n++
		}
		v := make([]byte, 0, n*entry)
		for _, c := range holders[:n] {
			v = binary.BigEndian.AppendUint32(v, uint32(c.id%100_000))
			v = binary.BigEndian.AppendUint16(v, c.day)
		}
		if err := shards.Put(tx, key, v); err != nil {
			return err
		}
		holders = holders[n:]
	}
	n, err := count(tx)
	if err != nil {
		return err
	}
	return loaded.Put(tx, onlyID, Loaded{File: f.Name(), Stamp: f.Stamp, Size: f.Size, Holders: n, At: time.Now().UTC().Truncate(time.Second)})
}

func shard(id uint64) string { return fmt.Sprintf("%07d", id/100_000) }

func keys(tx *store.Tx) (out []string, err error) {
	err = shards.Each(tx, "", "", func(k string, _ []byte) (bool, error) {
		out = append(out, k)
		return true, nil
	})
	return out, err
}

func count(tx *store.Tx) (n int, err error) {
	err = shards.Each(tx, "", "", func(_ string, v []byte) (bool, error) {
		n += len(v) / entry
		return true, nil
	})
	return n, err
}

// Last returns what was loaded last; nil when nothing ever was.
func Last(l *store.Ledger) (last *Loaded, err error) {
	err = l.View(func(tx *store.Tx) error {
		rec, ok, err := loaded.Get(tx, onlyID)
		if ok {
			rec.Stamp, rec.At = rec.Stamp.UTC(), rec.At.UTC()
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
	lo, hi := 0, len(v)/entry
	for lo < hi {
		mid := (lo + hi) / 2
		switch t := binary.BigEndian.Uint32(v[mid*entry:]); {
		case t == last:
			return binary.BigEndian.Uint16(v[mid*entry+4:]) >= day
		case t < last:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return false
}
