package ldapd_test

import (
	"bytes"
	"io"
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
	}{
		{"as many searches as may run and wait", 4, func(id int64) []byte { return query{base: base, scope: 1}.request(id) }},
		{"filters of as many parts as allowed", 4, func(id int64) []byte { return query{base: base, scope: 1, filter: wide(250)}.request(id) }},
		{"filters as deep as allowed", 4, func(id int64) []byte { return query{base: base, scope: 1, filter: nested(60)}.request(id) }},
		{"as many attribute names as allowed", 4, func(id int64) []byte {
			return query{base: base, scope: 1, attrs: strings.Fields(strings.Repeat("cn sn givenName mail ", 32))}.request(id)
		}},
		{"long attribute names", 2, func(id int64) []byte {
			return query{base: base, scope: 1, attrs: strings.Fields(strings.Repeat(strings.Repeat("x", 500)+" ", 120))}.request(id)
		}},
		{"a value as long as a message", 2, func(id int64) []byte {
			return query{base: base, scope: 1, filter: equality("cn", strings.Repeat("é", 32_000))}.request(id)
		}},
		{"a value that grows when it is prepared", 2, func(id int64) []byte {
			return query{base: base, scope: 1, filter: equality("cn", strings.Repeat("\ufdfa", 21_000))}.request(id)
		}},
		{"a value in a great many parts", 0, func(id int64) []byte {
			return query{base: base, scope: 1, filter: substrings(20_000, "a")}.request(id)
		}},
		{"controls", 4, func(id int64) []byte {
			return query{base: base, scope: 1, controls: [][]byte{control("1.2.3", false, bytes.Repeat([]byte("x"), 10_000))}}.request(id)
		}},
		{"sorted searches", 1, func(id int64) []byte {
			return query{base: base, scope: 1, controls: [][]byte{control("1.2.840.113556.1.4.473", true, sortValue("cn", "", "sn", "", "mail", ""))}}.request(id)
		}},
		{"names of entries in a great many parts", 0, func(id int64) []byte {
			return query{base: strings.Repeat("cn=a,", 800) + base, scope: 1}.request(id)
		}},
		{"abandons and cancels of nothing", 0, func(id int64) []byte { return abandon(id, id+1000) }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			h := hold()
			addr := ldaptest.Start(t, ldapd.Options{Directory: h, Limits: ldapd.Limits{Write: time.Minute, Budget: time.Minute}})
			warm := wired(t, addr)
			warm.send(query{base: base}.request(1))
			warm.one(1)
			w := wired(t, addr)
			var all []byte
			for id := int64(1); id <= 70; id++ {
				all = append(all, tt.send(id)...)
			}
			sent := make(chan struct{})
			drain := make(chan struct{})
			before := live()
			go func() {
				defer close(sent)
				_, _ = w.nc.Write(all)
				// Half a message of the largest size that is allowed, so that the buffer to read into is large too.
				_, _ = w.nc.Write(query{base: base, attrs: []string{strings.Repeat("x", 65_000)}}.request(99)[:60_000])
			}()
			go func() { // what is answered is read, so that the server does not wait for that
				defer close(drain)
				_, _ = io.Copy(io.Discard, w.nc)
			}()
			for range tt.waiting {
				<-h.started
			}
			<-sent
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
		})
	}
}
