package pipeline

import (
	"runtime"
	"sync"
)

// processors is how many there were when the process started.
var processors = runtime.GOMAXPROCS(0)

// Processors is how many goroutines can work at a time: whoever shares work out makes as many parts.
func Processors() int { return processors }

// attendants is how many threads more than processors may run Go code in a process that others wait for. While as many goroutines work as
// there are processors, the runtime looks at the network every 10 ms only; with a thread to spare it looks at once, and the kernel, which
// knows who has had little, lets that thread run.
const attendants = 2

// attention is whether there are attendants now.
var attention struct {
	sync.Mutex
	wanted bool
	works  int // long ones under way
}

// Attend has what comes in seen at once, however much is being worked on: a suggestion beside eight clients that search and never pause then waits
// for less than half as long. Work is still shared out among the processors that the process started with.
func Attend() {
	attention.Lock()
	defer attention.Unlock()
	attention.wanted = true
	threads()
}

// Work says that something long begins which is to end soon, and returns what is to be called at its end. There are no attendants meanwhile:
// with them, two clients that never pause had so much of the processors that the daily sync took 1.45 times as long.
func Work() (end func()) {
	count := func(n int) {
		attention.Lock()
		defer attention.Unlock()
		attention.works += n
		threads()
	}
	count(1)
	return sync.OnceFunc(func() { count(-1) })
}

func threads() {
	n := processors
	if attention.wanted && attention.works == 0 {
		n += attendants
	}
	if runtime.GOMAXPROCS(0) != n { // setting it stops everybody for a moment
		runtime.GOMAXPROCS(n)
	}
}
