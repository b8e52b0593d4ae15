package ldapd

import (
	"time"

	"annuaire/ldapd/ber"
)

// write sends answers. When that fails or takes until the deadline, the connection ends.
func (c *conn) write(b []byte, deadline time.Time) error {
	c.wmu.Lock()
	defer c.wmu.Unlock()
	_ = c.nc.SetWriteDeadline(deadline)
	_, err := c.nc.Write(b)
	if err != nil {
		c.cancel()
		_ = c.raw.Close()
	}
	return err
}

func (c *conn) writeSoon(e *ber.Encoder) error {
	return c.write(e.Buf, time.Now().Add(c.s.limits.Write))
}

// reply answers an operation with a result alone.
func (c *conn) reply(m message, r result, controls ...responseControl) error {
	var e ber.Encoder
	appendResult(&e, m.id, responses[m.op], r, controls...)
	return c.writeSoon(&e)
}

// replyExtended answers an extended operation.
func (c *conn) replyExtended(m message, r result, name string, value []byte) error {
	var e ber.Encoder
	appendExtended(&e, m.id, r, name, value)
	return c.writeSoon(&e)
}
