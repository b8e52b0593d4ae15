package main

import (
	"context"
	"fmt"
	"net"
	"strings"
)

// conn is a connection of a client that has bound.
type conn struct {
	net.Conn
	in *stream
	id uint32
}

// outcome is the answer to a search.
type outcome struct {
	entries int
	code    int
	text    string // diagnostic message
	cookie  []byte // of the next page; empty where there is none
}

// whole reports that nothing was left out.
func (o outcome) whole() bool { return o.code == codeSuccess }

// String is the result alone, as the table tells it.
func (o outcome) String() string {
	return strings.TrimSpace(fmt.Sprintf("result %d %s", o.code, o.text))
}

// refused reports that the server did not do what was asked: a size limit is no refusal.
func (o outcome) refused() bool { return o.code != codeSuccess && o.code != codeSizeLimitExceeded }

// dial connects and binds as nobody. What is measured comes after it: Go sends without delay (TCP_NODELAY) by itself.
func dial(ctx context.Context, addr string) (*conn, error) {
	var d net.Dialer
	nc, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: nc, in: newStream(nc), id: firstID}
	if err := c.bind(); err != nil {
		_ = nc.Close() // the error that counts is the other one
		return nil, err
	}
	return c, nil
}

func (c *conn) bind() error {
	r, err := c.send(bindRequest())
	if err != nil {
		return err
	}
	code, text, err := resultOf(r.body)
	if err == nil && (r.op != opBindResponse || code != codeSuccess) {
		err = fmt.Errorf("bind: %s", outcome{code: code, text: text})
	}
	return err
}

// send gives a request an id of its own, sends it, and returns the first reply.
func (c *conn) send(r request) (reply, error) {
	c.id++
	r.setID(c.id)
	if _, err := c.Write(r.bytes); err != nil {
		return reply{}, err
	}
	return c.receive()
}

func (c *conn) receive() (reply, error) {
	content, err := c.in.next()
	if err != nil {
		return reply{}, err
	}
	r, err := parseReply(content)
	if err == nil && r.id != c.id {
		err = fmt.Errorf("%w: id %d, not %d", errReply, r.id, c.id)
	}
	return r, err
}

// ask asks and reads the whole answer. each, if it is not nil, sees the content of every entry, which is not to be kept.
func (c *conn) ask(r request, each func(body []byte) error) (out outcome, err error) {
	m, err := c.send(r)
	for ; err == nil; m, err = c.receive() {
		switch m.op {
		case opEntry:
			out.entries++
			if each != nil {
				if err := each(m.body); err != nil {
					return out, err
				}
			}
		case opReference:
		case opDone:
			if out.code, out.text, err = resultOf(m.body); err != nil {
				return out, err
			}
			out.cookie, err = cookieOf(m.controls)
			return out, err
		default:
			return out, fmt.Errorf("%w: operation %02x", errReply, m.op)
		}
	}
	return out, err
}
