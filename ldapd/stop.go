package ldapd

import (
	"slices"

	"annuaire/ldapd/ber"
)

// silent reports whether nothing more is to be sent for the operation but, if it was canceled, its result.
func (op *operation) silent() bool {
	op.c.mu.Lock()
	defer op.c.mu.Unlock()
	return op.abandoned || op.canceled
}

// abandon stops an operation without an answer; an ID that is not under way is ignored (RFC 4511, 4.11).
func (c *conn) abandon(m message) {
	id, err := ber.ParseInt(m.body)
	if err != nil {
		return
	}
	c.stop(id, func(op *operation) { op.abandoned = true })
}

// stop marks the operation of that ID and cancels it; nil when there is none. One that waits for its turn is taken out at once.
func (c *conn) stop(id int64, mark func(*operation)) *operation {
	c.mu.Lock()
	if id != int64(int32(id)) || c.ops[int32(id)] == nil {
		c.mu.Unlock()
		return nil
	}
	op := c.ops[int32(id)]
	mark(op)
	op.cancel()
	waiting := slices.Index(c.pending, op)
	if waiting >= 0 {
		c.pending = slices.Delete(c.pending, waiting, waiting+1)
	}
	c.mu.Unlock()
	if waiting >= 0 {
		var e ber.Encoder
		op.finish(&e, result{})
		if len(e.Buf) > 0 {
			_ = c.writeSoon(&e) // a failure ends the connection by itself
		}
		op.release()
	}
	return op
}
