package pipeline

import "runtime"

// processors is how many there were when the process started.
var processors = runtime.GOMAXPROCS(0)

// Processors is how many goroutines can work at a time: whoever shares work out makes as many parts.
func Processors() int { return processors }

// attendants is how many threads more than processors may run Go code in a process that others wait for. While as many goroutines work as
// there are processors, the runtime looks at the network every 10 ms only; with a thread to spare it looks at once, and the kernel, which
// knows who has had little, lets that thread run.
const attendants = 2

// Attend has what comes in seen at once, however much is being worked on. A suggestion among eight clients that never pause then waits for less than
// half as long. The processors of the process are those it started with from then on.
func Attend() { runtime.GOMAXPROCS(processors + attendants) }
