package ldapd

import (
	"math"
	"strconv"

	"annuaire/internal/limits"
)

// client is the key and the limits of who asks, the same as over REST.
func (c *conn) client() (key string, class limits.Class) {
	if c.who.Anonymous() {
		return c.key, c.s.opts.Anonymous
	}
	return "token " + c.who.ID, c.s.opts.Token
}

// allowed counts a question; busy when it is one too many.
func (c *conn) allowed() result {
	key, class := c.client()
	wait, ok := c.s.limiter.Allow(key, class)
	if ok {
		return result{}
	}
	seconds := strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
	return say(busy, "trop de demandes : réessayez dans "+seconds+" s, ou demandez un jeton à l'exploitant",
		"too many requests: try again in "+seconds+" s, or ask the operator for a token")
}

// charge counts entries returned against the hour of the client.
func (op *operation) charge(entries int) {
	if entries > 0 {
		key, class := op.c.client()
		op.c.s.limiter.Charge(key, class, entries)
	}
}
