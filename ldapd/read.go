package ldapd

import (
	"errors"
	"io"
	"os"
	"time"

	"annuaire/ldapd/ber"
)

// until sets how long to wait for octets; not once the server stops.
func (c *conn) until(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return errShut
	}
	return c.raw.SetReadDeadline(t)
}

// next returns the next message, in a buffer that the one after it uses again. The buffer grows as octets come, not as they are announced.
func (c *conn) next() ([]byte, error) {
	c.settle()
	var deadline time.Time // of the message that has begun
	for {
		size, err := ber.Frame(c.in[c.done:], ber.Sequence, c.maxMessage())
		switch have := len(c.in) - c.done; {
		case errors.Is(err, ber.ErrTooLong):
			return nil, err
		case err != nil:
			return nil, errEnvelope
		case size > 0 && have >= size:
			raw := c.in[c.done : c.done+size]
			c.done += size
			c.any = true
			return raw, nil
		case have > 0 && deadline.IsZero():
			deadline = time.Now().Add(c.s.limits.Message)
		}
		if err := c.fill(deadline); err != nil {
			return nil, err
		}
	}
}

func (c *conn) maxMessage() int {
	if c.who.Anonymous() {
		return c.s.limits.MessageBytes
	}
	return c.s.limits.AuthBytes
}

// settle moves what is left to the front of the buffer, a small one where that is enough.
func (c *conn) settle() {
	left := c.in[c.done:]
	if cap(c.in) > smallBuffer && len(left) <= smallBuffer || c.in == nil {
		c.in = append(make([]byte, 0, smallBuffer), left...)
	} else {
		c.in = c.in[:copy(c.in, left)]
	}
	c.done = 0
}

// fill reads more octets. Without a deadline no message has begun.
func (c *conn) fill(deadline time.Time) error {
	if len(c.in) == cap(c.in) {
		bigger := make([]byte, len(c.in), 2*cap(c.in))
		copy(bigger, c.in)
		c.in = bigger
	}
	begun := !deadline.IsZero()
	for {
		if !begun {
			deadline = time.Now().Add(c.patience())
		}
		if err := c.until(deadline); err != nil {
			return err
		}
		n, err := c.nc.Read(c.in[len(c.in):cap(c.in)])
		c.in = c.in[:len(c.in)+n]
		switch {
		case n > 0 || err == nil:
			return nil
		case !errors.Is(err, os.ErrDeadlineExceeded):
			if errors.Is(err, io.EOF) && begun {
				err = io.ErrUnexpectedEOF
			}
			return err
		case begun:
			return c.expired(errSlow)
		case !c.quiet(): // it waits for answers
			continue
		}
		return c.expired(errIdle)
	}
}

// expired is why a deadline passed: the server stops, or the client took too long.
func (c *conn) expired(why error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return errShut
	}
	return why
}

func (c *conn) patience() time.Duration {
	if !c.any {
		return c.s.limits.FirstMessage
	}
	return c.s.limits.Idle
}

// quiet reports whether nothing is under way and the server goes on.
func (c *conn) quiet() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ops) == 0 || c.closing
}
