package ldapd

import (
	"context"
	"slices"
	"time"

	"annuaire/ldapd/ber"
)

// operation is a search or a comparison under way, or waiting for its turn.
type operation struct {
	c      *conn
	m      message // its own copy
	ctx    context.Context
	cancel context.CancelFunc
	start  time.Time
	done   chan struct{} // closed once the answer is written, or not to be

	// Under conn.mu.
	abandoned bool // no answer (RFC 4511, 4.11)
	canceled  bool // the answer is canceled (RFC 3909)

	// For Metrics.
	code, entries, candidates int
}

// submit runs an operation beside the reader, or has it wait for its turn; or refuses it: busy.
func (c *conn) submit(m message) error {
	r := c.allowed()
	if r.code == success {
		m, _ = parseMessage(slices.Clone(m.raw)) // it was parsed once
		r = c.admit(&operation{c: c, m: m, start: time.Now(), done: make(chan struct{})})
	}
	if r.code != success {
		return c.deny(m, r)
	}
	return nil
}

func (c *conn) admit(op *operation) result {
	running, maxPending, maxHeld := c.s.limits.Running, c.s.limits.Pending, maxHeldAnonymous
	if !c.who.Anonymous() {
		running, maxPending, maxHeld = c.s.limits.AuthRunning, c.s.limits.AuthPending, maxHeldAuth
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ops[op.m.id] != nil:
		return say(protocolError, "numéro de message déjà en cours", "this message ID is in use")
	case len(c.pending) >= maxPending, len(c.ops) > 0 && c.held+len(op.m.raw) > maxHeld:
		return say(busy, "trop d'opérations en cours sur cette connexion", "too many operations under way on this connection")
	}
	if c.ops == nil {
		c.ops = map[int32]*operation{}
	}
	op.ctx, op.cancel = context.WithCancel(c.ctx)
	c.ops[op.m.id] = op
	c.held += len(op.m.raw)
	if c.running >= running {
		c.pending = append(c.pending, op)
		return result{}
	}
	c.running++
	c.wg.Add(1)
	go c.work(op)
	return result{}
}

// work runs an operation, then those that wait.
func (c *conn) work(op *operation) {
	defer c.wg.Done()
	for op != nil {
		op.run()
		c.mu.Lock()
		if op = nil; len(c.pending) > 0 {
			op = c.pending[0]
			c.pending = slices.Delete(c.pending, 0, 1)
		} else {
			c.running--
		}
		c.mu.Unlock()
	}
}

// run does the work of an operation; a panic in it is its own.
func (op *operation) run() {
	defer op.release()
	defer func() {
		if p := recover(); p != nil {
			op.c.panicked(op.m.op, p)
			var e ber.Encoder
			op.finish(&e, internalError)
			_ = op.c.writeSoon(&e) // a failure ends the connection by itself
		}
	}()
	if op.m.op == tagSearch {
		op.search()
	} else {
		op.compare()
	}
}

// finish takes the operation off the list and appends its result: nothing when it was abandoned, canceled when it was canceled. Only the
// first call counts.
func (op *operation) finish(e *ber.Encoder, r result, controls ...responseControl) {
	c := op.c
	c.mu.Lock()
	mine := c.ops[op.m.id] == op
	if mine {
		delete(c.ops, op.m.id)
		c.held -= len(op.m.raw)
	}
	abandoned, cancelled := op.abandoned || c.ctx.Err() != nil, op.canceled // whoever hangs up abandons all
	c.mu.Unlock()
	switch {
	case !mine:
		return
	case abandoned:
		op.code = abandonedCode
		e.Buf = e.Buf[:0]
		return
	case cancelled:
		r, controls = say(canceled, "opération annulée", "operation canceled"), nil
	}
	op.code = r.code
	appendResult(e, op.m.id, responses[op.m.op], r, controls...)
}

// release ends what belongs to the operation, whatever became of it.
func (op *operation) release() {
	op.cancel()
	close(op.done)
	op.c.s.opts.Metrics.Answered(operationNames[op.m.op], op.code, time.Since(op.start), op.entries, op.candidates)
}
