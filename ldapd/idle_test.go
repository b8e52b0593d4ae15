package ldapd_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// idleEnv makes the test binary a client that opens connections to an address and leaves them alone: descriptors of both ends in one
// process would be more than many machines allow.
const idleEnv = "LDAPD_TEST_IDLE"

const idleConnections = 10_000

// idleClient opens connections, says so, and waits for its standard input to end. Every second one binds first, as Thunderbird's abandoned
// ones have.
func idleClient(addr string) int {
	conns := make([]net.Conn, 0, idleConnections)
	for i := range idleConnections {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			fmt.Println("dial:", err)
			return 1
		}
		if i%2 == 0 {
			if _, err := nc.Write(bindRequest(1, 3, "", "")); err != nil {
				fmt.Println("write:", err)
				return 1
			}
		}
		conns = append(conns, nc)
	}
	fmt.Println("open")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return len(conns) - idleConnections
}

// resident is the memory of this process in octets, as the kernel counts it.
func resident(t *testing.T) int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("memory is read from /proc")
	}
	var all, pages int64
	if _, err := fmt.Sscan(string(b), &all, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// Ten thousand connections that somebody opened and left cost less than 200 MiB, and are closed on time.
func TestTenThousandIdleConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand connections")
	}
	s := watch()
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...), Metrics: s,
		Limits: ldapd.Limits{PerAddress: 2 * idleConnections, Connections: 2 * idleConnections, FirstMessage: 8 * time.Second, Idle: 8 * time.Second}}
	addr := ldaptest.Start(t, o)
	before, beforeLive := resident(t), live()
	client := exec.Command(os.Args[0])
	client.Env = append(os.Environ(), idleEnv+"="+addr)
	in, err := client.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := client.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close(); _ = client.Wait() }()
	if line, _ := bufio.NewReader(out).ReadString('\n'); strings.TrimSpace(line) != "open" {
		t.Skipf("this machine does not allow %d connections: %s", idleConnections, line)
	}
	opened := time.Now()
	until(t, func() bool { return s.open.Load() == idleConnections && len(s.ops) >= idleConnections/2 }, time.Minute)
	cost := resident(t) - before
	kept := live() - beforeLive
	t.Logf("%d MiB, %d KiB each; %d MiB of them in use", cost>>20, cost>>10/idleConnections, kept>>20)
	if cost > 200<<20 && !raced || kept > 200<<20 {
		t.Errorf("%d MiB, %d MiB in use", cost>>20, kept>>20)
	}
	w := wired(t, addr)
	w.send(query{base: base}.request(1)) // meanwhile others are answered
	w.one(1)
	_ = w.nc.Close()
	until(t, func() bool { return s.open.Load() == 0 }, time.Minute)
	t.Logf("all closed %v after the last was opened", time.Since(opened).Round(time.Millisecond))
}

// patience is how long a test waits for what has to come.
const patience = 20 * time.Second

// until waits for a condition.
func until(t *testing.T, ok func() bool, patience time.Duration) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come")
		}
	}
}
