package ldapd

import (
	"fmt"
	"runtime/debug"
	"time"
)

// handle answers a message, or has it answered. An error ends the connection.
func (c *conn) handle(raw []byte) (err error) {
	m, err := parseMessage(raw)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			c.panicked(m.op, p)
			err = c.reply(m, internalError)
		}
	}()
	c.count++
	switch m.op {
	case tagUnbind:
		return errDone
	case tagAbandon:
		c.abandon(m)
		return nil
	case tagSearch, tagCompare:
		return c.submit(m)
	case tagBind:
		return c.counted(m, c.bind)
	case tagExtended:
		return c.counted(m, c.extended)
	}
	return c.deny(m, readOnly)
}

// deny answers an operation with a result alone, and nothing is done.
func (c *conn) deny(m message, r result) error {
	return c.counted(m, func(m message) (int, error) { return r.code, c.reply(m, r) })
}

// counted tells Metrics of an operation that the reader answers itself.
func (c *conn) counted(m message, answer func(message) (code int, err error)) error {
	start := time.Now()
	code, err := answer(m)
	c.s.opts.Metrics.Answered(operationNames[m.op], code, time.Since(start), 0, 0)
	return err
}

// panicked logs a mistake of ours, without what the client sent.
func (c *conn) panicked(op byte, p any) {
	c.s.log.Error("ldap: panic", "operation", operationNames[op], "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
}
