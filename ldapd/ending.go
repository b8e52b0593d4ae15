package ldapd

import (
	"context"
	"errors"
	"io"
	"time"

	"annuaire/ldapd/ber"
)

// Why a connection ends, besides what is wrong with it or the network.
var (
	errShut = errors.New("the server stops")
	errIdle = errors.New("idle for too long")
	errSlow = errors.New("a message that does not end")
	errDone = errors.New("unbind")
)

// end waits for what is under way where the client may still want it, and says why the connection ends where the client would not know.
func (c *conn) end(err error) {
	var notice result
	rude := true // the client may be in the middle of sending
	switch {
	case errors.Is(err, errShut):
		c.finishing()
		rude, notice = false, say(unavailable, "le serveur s'arrête", "the server stops")
	case errors.Is(err, errIdle):
		rude, notice = false, say(unavailable, "connexion inactive", "idle connection")
	case errors.Is(err, errSlow):
		notice = say(protocolError, "message incomplet", "incomplete message")
	case errors.Is(err, ber.ErrTooLong):
		notice = say(protocolError, "message trop long", "message too long")
	case errors.Is(err, errEnvelope):
		notice = say(protocolError, "ce n'est pas un message LDAP", "this is no LDAP message")
	}
	c.cancel()
	_ = c.raw.SetWriteDeadline(time.Now().Add(time.Second)) // for whoever writes, too
	if notice.code != success && (c.tls != nil || !c.implicit) {
		var e ber.Encoder
		appendNotice(&e, notice)
		c.wmu.Lock()
		_, err := c.nc.Write(e.Buf)
		c.wmu.Unlock()
		if err == nil && rude {
			c.linger()
		}
	}
	_ = c.raw.Close() // wakes whoever writes
	c.wg.Wait()
}

// finishing waits for what is under way, until the time that the server gives is over.
func (c *conn) finishing() {
	stop := context.AfterFunc(c.ctx, func() { _ = c.raw.Close() })
	c.wg.Wait()
	stop()
}

// How long and how many octets a client that is cut off may go on sending.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 4 << 20
)

// linger reads a little of what the client still sends: to close on it would make the kernel throw away the notice that was just sent.
func (c *conn) linger() {
	half, ok := c.nc.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || c.until(time.Now().Add(lingerTime)) != nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(c.raw, lingerBytes)) // whatever ends it
}

// reason is why a connection ended, for the log: nothing of the network's own words, which hold addresses.
func reason(err error) string {
	for _, known := range []error{errShut, errIdle, errSlow, errDone, errEnvelope, ber.ErrTooLong} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if errors.Is(err, io.EOF) {
		return "closed by the client"
	}
	return "network or TLS"
}

// oidNotice is the name of the notice of disconnection (RFC 4511, 4.4.1).
const oidNotice = "1.3.6.1.4.1.1466.20036"

func appendNotice(e *ber.Encoder, r result) { appendExtended(e, 0, r, oidNotice, nil) }
