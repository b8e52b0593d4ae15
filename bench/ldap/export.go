package main

import (
	"bufio"
	"context"
	"errors"
	"os"
)

// pageSize is the entries of a page where pages are asked for.
const pageSize = 1000

// everything asks for all entries of the address book, all user attributes.
func everything(base string, cookie []byte) search {
	return search{base: base, scope: 2, filter: "(objectClass=*)", page: pageSize, cookie: cookie}
}

// readPages reads the whole address book, page by page.
func readPages(c *conn, base string, each func(body []byte) error) (entries int, err error) {
	for cookie := []byte(nil); ; {
		r, err := everything(base, cookie).encode()
		if err != nil {
			return entries, err
		}
		out, err := c.ask(r, each)
		if err == nil && out.refused() {
			err = errors.New("a page was refused: " + out.text)
		}
		if entries += out.entries; err != nil || len(out.cookie) == 0 {
			return entries, err
		}
		cookie = out.cookie
	}
}

// exported is what was learnt while the address book was written down.
type exported struct {
	entries int
	dropped int // values that slapd takes for the same as one before
	people  []subject
	known   *letters // what occurs in the names and addresses
}

// export reads the whole address book from a server and writes it to path; the values of the questions are drawn from it.
func export(ctx context.Context, addr, base, path string) (x exported, err error) {
	c, err := dial(ctx, addr)
	if err != nil {
		return x, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { _ = c.Close() })() // an interrupt ends the reading
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return x, err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	d := newDrawing()
	x.known = &letters{}
	x.entries, err = readPages(c, base, func(body []byte) error {
		e, err := parseEntry(body)
		if err != nil {
			return err
		}
		dropped, err := writeLDIF(w, e)
		x.dropped += dropped
		x.known.add(e)
		if s, ok := subjectOf(e); ok {
			d.offer(s)
		}
		return err
	})
	x.people = d.drawn()
	return x, errors.Join(ctx.Err(), err, w.Flush(), f.Close())
}
