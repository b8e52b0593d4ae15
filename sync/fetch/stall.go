package fetch

import (
	"errors"
	"io"
	"sync/atomic"
	"time"
)

// errStalled ends an answer that does not come, or comes drop by drop.
var errStalled = errors.New("the source sends nothing, or too little")

// watched is a body that must keep coming: at least minBytes in each period, or stall is called.
type watched struct {
	r     io.Reader
	n     atomic.Int64
	timer *time.Timer
}

func watch(r io.Reader, period time.Duration, stall func()) *watched {
	w := &watched{r: r}
	seen, armed := int64(0), make(chan struct{})
	w.timer = time.AfterFunc(period, func() {
		<-armed
		now := w.n.Load()
		if now-seen < minBytes {
			stall()
			return
		}
		seen = now
		w.timer.Reset(period)
	})
	close(armed)
	return w
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.n.Add(int64(n))
	return n, err
}

func (w *watched) stop() { w.timer.Stop() }
