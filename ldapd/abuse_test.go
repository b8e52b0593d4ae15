package ldapd_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

// live is the memory in use: what the collector would not free, and stacks.
func live() int64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// substrings is a filter of n parts of a value.
func substrings(n int, part string) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		m := e.Begin(0xa4)
		e.String(4, "cn")
		all := e.Begin(0x30)
		for range n {
			e.String(0x81, part)
		}
		e.End(all)
		e.End(m)
	}
}

func equality(attr, value string) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		m := e.Begin(0xa3)
		e.String(4, attr)
		e.String(4, value)
		e.End(m)
	}
}

// What one connection that has not authenticated makes the server keep is at most 1 MiB, whatever it sends. Each case sends what keeps the
// most, while searches are held up so that nothing is given back.
func TestOneConnectionCostsLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("it collects garbage many times")
	}
	for _, tt := range []struct {
		rule    string
		waiting int // searches that get as far as the directory
		send    func(id int64) []byte
		after   int // candidates that each search has first
	}{
		{"as many searches as may run and wait", 2, func(id int64) []byte { return query{base: base, scope: 1}.request(id) }, 0},
		{"filters of as many parts as allowed", 2, func(id int64) []byte { return query{base: base, scope: 1, filter: wide(250)}.request(id) }, 0},
		{"filters as deep as allowed", 2, func(id int64) []byte { return query{base: base, scope: 1, filter: nested(60)}.request(id) }, 0},
		{"as many attribute names as allowed", 2, func(id int64) []byte {
			return query{base: base, scope: 1, attrs: strings.Fields(strings.Repeat("cn sn givenName mail ", 32))}.request(id)
		}, 0},
		{"long attribute names", 2, func(id int64) []byte {
			return query{base: base, scope: 1, attrs: strings.Fields(strings.Repeat(strings.Repeat("x", 500)+" ", 120))}.request(id)
		}, 0},
		{"a value as long as a message", 0, func(id int64) []byte {
			return query{base: base, scope: 1, filter: equality("cn", strings.Repeat("é", 32_000))}.request(id)
		}, 0},
		{"values as long as a filter may have", 2, func(id int64) []byte {
			return query{base: base, scope: 1, filter: equality("cn", strings.Repeat("é", 1_000))}.request(id)
		}, 0},
		{"values that grow when they are prepared", 2, func(id int64) []byte {
			return query{base: base, scope: 1, filter: equality("cn", strings.Repeat("\ufdfa", 400))}.request(id)
		}, 0},
		{"a value that grows beyond what is allowed", 0, func(id int64) []byte {
			return query{base: base, scope: 1, filter: equality("cn", strings.Repeat("\ufdfa", 21_000))}.request(id)
		}, 0},
		{"values in as many parts as allowed", 2, func(id int64) []byte {
			return query{base: base, scope: 1, filter: substrings(250, "abcdefghij")}.request(id)
		}, 0},
		{"a value in a great many parts", 0, func(id int64) []byte {
			return query{base: base, scope: 1, filter: substrings(20_000, "a")}.request(id)
		}, 0},
		{"controls", 2, func(id int64) []byte {
			return query{base: base, scope: 1, controls: [][]byte{control("1.2.3", false, bytes.Repeat([]byte("x"), 10_000))}}.request(id)
		}, 0},
		{"sorted searches, of as many entries as are sorted", 1, func(id int64) []byte {
			return query{base: base, scope: 1, controls: [][]byte{control("1.2.840.113556.1.4.473", true, sortValue("cn", "", "sn", "", "mail", ""))}}.request(id)
		}, 999},
		{"searches by large filters that found as many entries as may be returned", 2, func(id int64) []byte { return query{base: base, scope: 1, filter: wide(250)}.request(id) }, 999},
		{"names of entries in a great many parts", 0, func(id int64) []byte {
			return query{base: strings.Repeat("cn=a,", 800) + base, scope: 1}.request(id)
		}, 0},
		{"abandons and cancels of nothing", 0, func(id int64) []byte { return abandon(id, id+1000) }, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			h := hold()
			if tt.after > 0 {
				h = holdAfter(tt.after, ldaptest.Many(tt.after+1)...)
			}
			addr := ldaptest.Start(t, ldapd.Options{Directory: h, Limits: ldapd.Limits{Write: time.Minute, Budget: time.Minute}})
			warm := wired(t, addr)
			warm.send(query{base: base}.request(1))
			warm.one(1)
			w := wired(t, addr)
			var all []byte
			for id := int64(1); id <= 70; id++ {
				all = append(all, tt.send(id)...)
			}
			all = append(all, extended(1000, "1.3.6.1.4.1.4203.1.11.3", nil)...) // its answer says that all before it was read
			half := query{base: base, attrs: []string{strings.Repeat("x", 65_000)}}.request(99)[:60_000]
			sent, read, drain := make(chan struct{}), make(chan struct{}), make(chan struct{})
			before := live()
			go func() {
				defer close(sent)
				_, _ = w.nc.Write(all)
				// Half a message of the largest size that is allowed, so that the buffer to read into is large too.
				_, _ = w.nc.Write(half)
			}()
			go func() { // what is answered is read, so that the server does not wait for that
				defer close(drain)
				for {
					a, err := w.read()
					if err != nil {
						return
					}
					if a.id == 1000 {
						close(read)
					}
				}
			}()
			for range tt.waiting {
				<-h.started
			}
			<-sent
			<-read
			cost := live() - before
			for range 20 { // the last octets may not have been read yet
				time.Sleep(2 * time.Millisecond)
				cost = max(cost, live()-before)
			}
			t.Logf("%d KiB", cost>>10)
			if cost > 1<<20 {
				t.Errorf("%d KiB", cost>>10)
			}
			close(h.let)
			_ = w.nc.Close()
			<-drain
			runtime.KeepAlive(all)
			runtime.KeepAlive(half)
		})
	}
}
