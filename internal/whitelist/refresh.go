package whitelist

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"annuaire/internal/durable"
	"annuaire/internal/tlsfiles"
)

// fetchTime bounds the asking of an address.
const fetchTime = 30 * time.Second

// stamp tells a file from what it was.
type stamp struct {
	mod  time.Time
	size int64
}

// remote reports whether the source is an address.
func (o Options) remote() bool {
	return strings.HasPrefix(o.Source, "https://") || strings.HasPrefix(o.Source, "http://")
}

// Refresh takes up the list if it is another than the one read last, or if its address has not been asked for a while. An error changes
// nothing of the list in force.
func (l *List) Refresh(ctx context.Context) error {
	l.load.Lock()
	defer l.load.Unlock()
	switch {
	case l.opts.Source == "":
		return nil
	case l.opts.remote():
		now := l.opts.Now()
		if !l.asked.IsZero() && now.Sub(l.asked) < l.opts.Every {
			return nil
		}
		l.asked = now
		doc, err := l.fetch(ctx)
		return l.take(doc, now, err)
	}
	info, err := os.Stat(l.opts.Source)
	if err != nil {
		return l.failed(bare(err))
	}
	s := stamp{info.ModTime(), info.Size()}
	if s == l.seen {
		return nil
	}
	l.seen = s // a bad one is not read again until it changes
	doc, err := readFile(l.opts.Source)
	return l.take(doc, s.mod, err)
}

// take puts a document in force if it is good, and keeps a copy of it.
func (l *List) take(doc []byte, as time.Time, err error) error {
	if err != nil {
		return l.failed(bare(err))
	}
	domains, unreadable, err := Parse(bytes.NewReader(doc))
	if err != nil {
		return l.failed(err)
	}
	l.use(domains, unreadable, as, "")
	if l.opts.Copy == "" {
		return nil
	}
	err = durable.Write(l.opts.Copy, func(f *os.File) error {
		_, err := f.Write(doc)
		return errors.Join(err, os.Chtimes(f.Name(), as, as)) // after a restart it is as old as it was
	})
	if err != nil {
		return l.failed(fmt.Errorf("whitelist: the copy could not be kept: %w", err))
	}
	return nil
}

// fallBack puts the last good list in force.
func (l *List) fallBack() {
	info, err := os.Stat(l.opts.Copy)
	if err != nil {
		return
	}
	doc, err := readFile(l.opts.Copy)
	if err != nil {
		return
	}
	if domains, unreadable, err := Parse(bytes.NewReader(doc)); err == nil {
		l.use(domains, unreadable, info.ModTime(), l.Status().Problem)
	}
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxBytes+1))
}

// fetch asks the address.
func (l *List) fetch(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	pool, err := tlsfiles.Trusted(l.opts.CAFile)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.opts.Source, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("whitelist: the address answers %d", res.StatusCode)
	}
	return io.ReadAll(io.LimitReader(res.Body, MaxBytes+1))
}

// bare is an error without the path of this machine: it is shown to whoever reads the status.
func bare(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("whitelist: the file cannot be read: %w", p.Err)
	}
	return err
}
