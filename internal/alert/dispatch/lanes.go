package dispatch

import "container/heap"

// lanes are the messages that wait, by mail domain, so that a slow domain holds up no other one. In memory each takes a few bytes.
type lanes struct {
	names []string
	index map[string]int
	queue [][]uint32 // by domain, in order
	taken []int      // claimed by domain, not yet recorded
	next  int        // domain to begin with: they take turns
	later retries
	count int // in queue
}

func newLanes() *lanes { return &lanes{index: map[string]int{}} }

func (l *lanes) lane(domain string) int {
	i, ok := l.index[domain]
	if !ok {
		i = len(l.names)
		l.index[domain] = i
		l.names, l.queue, l.taken = append(l.names, domain), append(l.queue, nil), append(l.taken, 0)
	}
	return i
}

// add queues a message.
func (l *lanes) add(n uint32, domain string) {
	i := l.lane(domain)
	l.queue[i] = append(l.queue[i], n)
	l.count++
}

// putOff puts a message off until a time in Unix seconds.
func (l *lanes) putOff(n uint32, domain string, until int64) {
	heap.Push(&l.later, retry{until, n, uint32(l.lane(domain))})
}

// due queues what was put off until now, and returns the time of the next, 0 for none.
func (l *lanes) due(now int64) int64 {
	for len(l.later) > 0 && l.later[0].at <= now {
		r := heap.Pop(&l.later).(retry)
		l.queue[r.lane] = append(l.queue[r.lane], r.n)
		l.count++
	}
	if len(l.later) == 0 {
		return 0
	}
	return l.later[0].at
}

// claim takes up to room messages, of the domains in turn, and no more than most that are not yet recorded of each.
func (l *lanes) claim(room, most int, fn func(n uint32, domain string)) {
	for idle := 0; room > 0 && l.count > 0 && idle < len(l.names); {
		i := l.next % len(l.names)
		l.next = i + 1
		if len(l.queue[i]) == 0 || l.taken[i] >= most {
			idle++
			continue
		}
		idle = 0
		n := l.queue[i][0]
		l.queue[i] = l.queue[i][1:]
		l.taken[i]++
		l.count--
		room--
		fn(n, l.names[i])
	}
}

// unclaim gives back one message of a domain: recorded, or to be claimed again later.
func (l *lanes) unclaim(domain string) { l.taken[l.lane(domain)]-- }

// retry is a message that was put off.
type retry struct {
	at   int64
	n    uint32
	lane uint32
}

type retries []retry

func (r retries) Len() int           { return len(r) }
func (r retries) Less(i, j int) bool { return r[i].at < r[j].at }
func (r retries) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *retries) Push(x any)        { *r = append(*r, x.(retry)) }
func (r *retries) Pop() any {
	old := *r
	x := old[len(old)-1]
	*r = old[:len(old)-1]
	return x
}
