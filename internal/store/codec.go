package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/fxamacker/cbor/v2"

	"annuaire"
)

// Record is what a directory holds.
type Record interface {
	annuaire.Professional | annuaire.Structure | annuaire.Mailbox
}

var (
	encMode = must(cbor.EncOptions{Sort: cbor.SortCoreDeterministic, Time: cbor.TimeUnix}.EncMode())
	decMode = must(cbor.DecOptions{}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // options are constants: cannot fail outside development
	}
	return v
}

// Encode returns the stored form of a value.
func Encode(v any) ([]byte, error) { return encMode.Marshal(v) }

// Decode reads the stored form of a value into v, a pointer. Times come back in UTC.
func Decode(b []byte, v any) error {
	if err := decMode.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	inUTC(reflect.ValueOf(v))
	return nil
}

// errUnreadable is a record that was not written as we write them.
var errUnreadable = errors.New("store: unreadable record")

// Body returns what a record says, without where it comes from, and its hash: two records with one hash answer alike.
func Body[T Record](rec *T) (body []byte, hash uint64) {
	body = lay(make([]byte, 0, bodySize), rec)
	return body, xxhash.Sum64(body)
}

// bodySize is what nearly every body is shorter than, in bytes.
const bodySize = 1 << 10

// sourceSize is the length of the source before a body: extract time in Unix seconds and run number, 8 bytes each.
const sourceSize = 16

// Pack puts the source before the body: the stored form of a record.
func Pack(body []byte, src annuaire.Source) []byte {
	return append(appendSource(make([]byte, 0, sourceSize+len(body)), src), body...)
}

func appendSource(b []byte, src annuaire.Source) []byte {
	run, _ := strconv.ParseUint(src.Run, 10, 64) // run ids are ours, and numbers
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, uint64(src.Extract.Unix())), run)
}

// laid is room for records being laid out.
var laid = sync.Pool{New: func() any { b := make([]byte, 0, 2*bodySize); return &b }}

// Packed is Pack of Body, with the hash of the body, in no more memory than it needs: a first load keeps many for a while.
func Packed[T Record](rec *T, src annuaire.Source) (packed []byte, hash uint64) {
	room := laid.Get().(*[]byte)
	*room = lay(appendSource((*room)[:0], src), rec)
	packed, hash = bytes.Clone(*room), xxhash.Sum64((*room)[sourceSize:])
	laid.Put(room)
	return packed, hash
}

// Unpack is the inverse of Pack and Body. The strings of a record are parts of one, some hundreds of bytes long: who keeps few of them for long
// clones those.
func Unpack[T Record](b []byte, rec *T) error {
	if len(b) < sourceSize {
		return fmt.Errorf("store: record of %d bytes", len(b))
	}
	src := annuaire.Source{Extract: time.Unix(int64(number(b[:8])), 0).UTC(), Run: RunID(number(b[8:16]))}
	if !scan(string(b[sourceSize:]), rec) {
		if err := Decode(b[sourceSize:], rec); err != nil {
			return err
		}
	}
	switch r := any(rec).(type) {
	case *annuaire.Professional:
		r.Source = src
	case *annuaire.Structure:
		r.Source = src
	case *annuaire.Mailbox:
		r.Source = src
	}
	return nil
}
