package main

// asker is what a connection does again and again: it asks the next of the values, each connection beginning with another one; or for the
// next page, and after the last one for the first.
func (q asked) asker(worker int) func(*conn) (outcome, error) {
	if q.pages {
		return pager(q.base)
	}
	own := make([]request, len(q.requests))
	for i, r := range q.requests {
		own[i] = r.clone()
	}
	next := worker
	return func(c *conn) (outcome, error) {
		r := own[next%len(own)]
		next++
		return c.ask(r, nil)
	}
}

func pager(base string) func(*conn) (outcome, error) {
	var cookie []byte
	return func(c *conn) (outcome, error) {
		r, err := everything(base, cookie).encode()
		if err != nil {
			return outcome{}, err
		}
		out, err := c.ask(r, nil)
		cookie = out.cookie
		return out, err
	}
}
