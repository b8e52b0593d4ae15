package fetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// download brings the rest of a version into p.
func (c *Client) download(ctx context.Context, source string, v Version, p *part) error {
	return c.retry(ctx, source, func() error { return c.more(ctx, v, p) })
}

// more asks once for what is missing.
func (c *Client) more(ctx context.Context, v Version, p *part) error {
	if v.Length >= 0 && p.size == v.Length && p.size > 0 {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	header := http.Header{}
	if bound := v.validator(); p.size > 0 && bound != "" {
		header.Set("Range", fmt.Sprintf("bytes=%d-", p.size))
		header.Set("If-Range", bound)
	}
	res, err := c.do(ctx, http.MethodGet, v.URL, header)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := c.take(v, p, res); err != nil {
		drain(res.Body)
		return err
	}
	body := watch(res.Body, c.o.Stall, func() { cancel(errStalled) })
	defer body.stop()
	return c.copy(ctx, v, p, body, res.Header.Get("Content-Type"))
}

// take decides from the head of an answer what to do with its body: add it to the part, begin anew, or leave it.
func (c *Client) take(v Version, p *part, res *http.Response) error {
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusPartialContent:
		var from int64
		if _, err := fmt.Sscanf(res.Header.Get("Content-Range"), "bytes %d-", &from); err != nil || from != p.size || p.size == 0 {
			return errors.Join(p.cut(0), &temporary{err: fmt.Errorf("a part that was not asked for")})
		}
	case http.StatusRequestedRangeNotSatisfiable:
		return errors.Join(p.cut(0), &temporary{err: fmt.Errorf("HTTP %d", res.StatusCode)})
	case http.StatusNotFound, http.StatusGone: // a dated address that ended when the next version came
		return errChanged
	default:
		return statusFault(res, time.Now())
	}
	now := versionOf(v.URL, res)
	verdict := v.compare(now)
	if verdict != same {
		begin, _ := io.ReadAll(io.LimitReader(res.Body, 512))
		if isPage(res.Header.Get("Content-Type"), begin) {
			return page(v.Name)
		}
	}
	switch verdict {
	case changed:
		return errChanged
	case wrong:
		return refused("%s : %d octets annoncés, puis %d", "%s: %d bytes announced, then %d", v.Name, v.Length, now.Length)
	}
	if res.StatusCode == http.StatusOK && p.size > 0 { // the whole again
		return p.cut(0)
	}
	return nil
}

// copy reads a body to its end. What came before a failure stays.
func (c *Client) copy(ctx context.Context, v Version, p *part, body io.Reader, contentType string) error {
	r := bufio.NewReaderSize(body, 256<<10)
	if p.size == 0 {
		begin, err := r.Peek(512)
		if isPage(contentType, begin) {
			return page(v.Name)
		}
		if len(begin) == 0 && errors.Is(err, io.EOF) && v.Length <= 0 {
			return refused("%s est vide", "%s is empty", v.Name)
		}
	}
	buf := make([]byte, 256<<10)
	for {
		n, err := r.Read(buf)
		if p.size+int64(n) > c.o.MaxFile {
			return tooLarge(v.Name, c.o.MaxFile)
		}
		if _, werr := p.Write(buf[:n]); werr != nil {
			return werr
		}
		c.o.Progress(p.size, v.Length)
		switch {
		case err == nil:
		case errors.Is(err, io.EOF):
			return complete(v, p)
		case errors.Is(context.Cause(ctx), errStalled):
			return &temporary{err: errStalled}
		case ctx.Err() != nil:
			return ctx.Err()
		default: // a connection that broke
			return &temporary{err: err}
		}
	}
}

func complete(v Version, p *part) error {
	switch {
	case v.Length < 0 || p.size == v.Length:
		return nil
	case p.size > v.Length:
		return errors.Join(p.cut(0), refused("%s : plus d'octets que les %d annoncés", "%s: more than the %d bytes announced", v.Name, v.Length))
	}
	return &temporary{err: fmt.Errorf("%d of %d bytes came", p.size, v.Length)}
}
