package ldapd_test

import (
	"net"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// Whatever a client has under way, abandons, cancels and binds in whatever order: each operation is answered once, an abandoned one at most
// once; a cancel that succeeds is about a search that was answered canceled; a bind is answered after all that came before it.
func TestEveryOperationIsAnsweredOnce(t *testing.T) {
	addr := ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Many(60)...)})
	rapid.Check(t, func(r *rapid.T) {
		w := wired(t, addr)
		defer w.nc.Close()
		const search, whoami, compare, cancel, bind = 0x65, 0x78, 0x6f, 0x178, 0x61
		kind, target, abandoned := map[int64]int{}, map[int64]int64{}, map[int64]bool{}
		var searches []int64
		var all [][]byte
		n := int64(rapid.IntRange(1, 30).Draw(r, "messages"))
		for id := int64(1); id <= n; id++ {
			some := int64(0)
			if len(searches) > 0 {
				some = rapid.SampledFrom(searches).Draw(r, "target")
			}
			switch rapid.IntRange(0, 6).Draw(r, "kind") {
			case 0, 1:
				kind[id] = search
				searches = append(searches, id)
				all = append(all, query{base: base, scope: 1, size: int64(rapid.IntRange(0, 60).Draw(r, "size"))}.request(id))
			case 2:
				kind[id] = whoami
				all = append(all, extended(id, "1.3.6.1.4.1.4203.1.11.3", nil))
			case 3:
				kind[id] = compare
				all = append(all, request(id, 0x6e, compareBody(base, "dc", "mssante")))
			case 4:
				abandoned[some] = true
				all = append(all, abandon(id, some))
			case 5:
				kind[id], target[id] = cancel, some
				all = append(all, cancelRequest(id, some))
			case 6:
				kind[id] = bind
				all = append(all, bindRequest(id, 3, "", ""))
			}
		}
		last := n + 1
		kind[last] = bind
		w.send(append(all, bindRequest(last, 3, "", ""))...)
		codes := map[int64]int64{}
		for {
			a := w.must()
			if a.op == 0x64 {
				continue
			}
			if _, twice := codes[a.id]; twice || int(a.op) != kind[a.id]&0xff {
				r.Fatalf("a second answer, or another one, to %d: %+v", a.id, a)
			}
			codes[a.id] = a.code(t)
			if kind[a.id] != bind {
				continue
			}
			for id := int64(1); id < a.id; id++ {
				if _, answered := codes[id]; !answered && kind[id] != 0 && !abandoned[id] {
					r.Fatalf("the bind %d is answered before %d", a.id, id)
				}
			}
			if a.id == last {
				break
			}
		}
		for id, k := range kind {
			code := codes[id]
			switch {
			case k == cancel && code == 0 && codes[target[id]] != 118:
				r.Fatalf("%d was canceled and is answered %d", target[id], codes[target[id]])
			case k == cancel && code != 0 && code != 119 && code != 120,
				k == search && code != 0 && code != 4 && code != 118,
				k == whoami && code != 0, k == compare && code != 6, k == bind && code != 0:
				r.Fatalf("%#x %d is answered %d", k, id, code)
			}
		}
		w.send([]byte(unbind))
		if a, err := w.read(); err == nil {
			r.Fatalf("after all: %+v", a)
		}
	})
}

// counting counts what is written on connections.
type counting struct {
	net.Listener
	writes, largest *atomic.Int64
}

func (l counting) Accept() (net.Conn, error) {
	nc, err := l.Listener.Accept()
	return countingConn{nc, l}, err
}

type countingConn struct {
	net.Conn
	of counting
}

func (c countingConn) Write(b []byte) (int, error) {
	c.of.writes.Add(1)
	c.of.largest.Store(max(c.of.largest.Load(), int64(len(b))))
	return c.Conn.Write(b)
}

// Entries and result go out together: a packet for each entry is what makes servers slow. But not a whole large answer, which would take memory.
func TestAnswersAreWrittenInBatches(t *testing.T) {
	var writes, largest atomic.Int64
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Many(1000)...)}
	w := wired(t, ldaptest.StartOn(t, o, func(ln net.Listener) net.Listener { return counting{ln, &writes, &largest} }))
	for i, tt := range []struct{ entries, writes int64 }{{1, 1}, {10, 1}, {100, 1}, {1000, 30}} {
		writes.Store(0)
		w.send(query{base: base, scope: 1, size: tt.entries}.request(int64(i + 1)))
		if n, _ := w.entries(int64(i + 1)); int64(n) != tt.entries {
			t.Fatal(n)
		}
		if got := writes.Load(); got > tt.writes {
			t.Errorf("%d entries in %d writes", tt.entries, got)
		}
	}
	if got := largest.Load(); got > 80<<10 {
		t.Errorf("%d KiB at a time", got>>10)
	}
}
