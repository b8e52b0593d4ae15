package ldapd

import (
	"context"
	"sync"
	"time"

	"annuaire/ldapd/ber"
)

// batch is how many octets of entries are sent at a time at least; buffers above maxKept are not kept.
const (
	batch   = 16 << 10
	maxKept = room + batch/2
)

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, batch+batch/2); return &b }}

// output is where a search puts its entries. It holds one of the slots of those that compute, but not while it waits for the client to read.
type output struct {
	op   *operation
	e    ber.Encoder
	buf  *[]byte
	last time.Time // when the last write has to be over
	slot bool
}

// newOutput waits for a slot; ok is false when none came in time.
func newOutput(ctx context.Context, op *operation, budget time.Duration) (o *output, ok bool) {
	buf := buffers.Get().(*[]byte)
	o = &output{op: op, e: ber.Encoder{Buf: (*buf)[:0]}, buf: buf, last: time.Now().Add(budget + op.c.s.limits.Write)}
	return o, o.acquire(ctx)
}

// grow makes place for all that is kept, once it is likely to be needed: doubling would take twice as much.
func (o *output) grow() {
	if len(o.e.Buf) > batch && cap(o.e.Buf) < maxKept {
		o.e.Buf = append(make([]byte, 0, maxKept), o.e.Buf...)
	}
}

func (o *output) acquire(ctx context.Context) bool {
	select {
	case o.op.c.s.slots <- struct{}{}:
		o.slot = true
		return true
	case <-ctx.Done():
		return false
	}
}

func (o *output) release() {
	if o.slot {
		<-o.op.c.s.slots
		o.slot = false
	}
}

// free gives back what the output holds.
func (o *output) free() {
	o.release()
	if cap(o.e.Buf) <= maxKept {
		*o.buf = o.e.Buf[:0]
		buffers.Put(o.buf)
	}
}

// flush sends what there is, when that is enough for a batch; false when the search is over: nobody wants more, the client is gone, or the
// time. It waits for the client, and must not be called while the directory is browsed.
func (o *output) flush(ctx context.Context) bool {
	if len(o.e.Buf) < batch {
		return true
	}
	return !o.op.silent() && o.send() == nil && o.acquire(ctx)
}

// send writes what there is, without a slot.
func (o *output) send() error {
	o.release()
	if len(o.e.Buf) == 0 {
		return nil
	}
	deadline := time.Now().Add(o.op.c.s.limits.Write)
	if deadline.After(o.last) {
		deadline = o.last
	}
	err := o.op.c.write(o.e.Buf, deadline)
	o.e.Buf = o.e.Buf[:0]
	return err
}
