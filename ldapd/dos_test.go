package ldapd_test

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"slices"
	"testing"
	"time"

	"annuaire/ldapd"
	"annuaire/ldapd/ber"
	"annuaire/ldapd/ldaptest"
)

// nots is a search whose filter is NOT of NOT of ..., n times, written without recursion.
func nots(id int64, n int) []byte {
	filter := []byte("\x87\x0bobjectClass")
	head := make([][]byte, 0, n)
	size := len(filter)
	for range n {
		h := binary.BigEndian.AppendUint32([]byte{0xa2, 0x84}, uint32(size))
		head = append(head, h)
		size += len(h)
	}
	slices.Reverse(head)
	filter = append(bytes.Join(head, nil), filter...)
	return query{base: base, filter: func(e *ber.Encoder) { e.Buf = append(e.Buf, filter...) }}.request(id)
}

// What brought other servers down (docs/LDAP.md, Abus) is answered or cut off, costs little, and others go on being answered.
func TestKnownAttacks(t *testing.T) {
	for _, tt := range []struct {
		rule string
		send []byte
		code int64 // of the answer; of the notice where cut is set
		cut  bool
	}{
		{"a filter nested 900 times", nots(2, 900), 11, false},
		{"a filter nested as often as a message can hold", nots(2, 10_000), 11, false},
		{"a filter nested 40 000 times", nots(2, 40_000), 2, true},
		{"two million empty attribute names", query{base: base, attrs: make([]string, 2_000_000)}.request(2), 2, true},
		{"as many empty attribute names as a message can hold", query{base: base, attrs: make([]string, 30_000)}.request(2), 11, false},
		{"a message that says it is of 2 GiB", []byte("\x30\x84\x7f\xff\xff\xf0\x02\x01\x02\x63"), 2, true},
		{"an element that says it is of 2 GiB", []byte("\x30\x0f\x02\x01\x02\x63\x84\x7f\xff\xff\xf0\x04\x84\x7f\xff\xff\x00"), 2, true},
		{"a value that says it is of 2 GiB", request(2, 0x63, func(e *ber.Encoder) { e.Buf = append(e.Buf, "\x04\x84\x7f\xff\xff\xf0x"...) }), 2, false},
		{"a control whose criticality is no boolean, which ended a process once", query{base: base, controls: [][]byte{[]byte("\x30\x09\x04\x04\x31\x2e\x32\x33\x04\x01x")}}.request(2), 0, false},
		{"as many controls as a message can hold", query{base: base, controls: [][]byte{bytes.Repeat(control("1.2", false, nil), 8000)}}.request(2), 11, false},
		{"a filter of one value in 20 000 parts", query{base: base, filter: substrings(20_000, "a")}.request(2), 11, false},
		{"a name of 10 000 parts", query{base: string(bytes.Repeat([]byte("a=,"), 10_000)) + base}.request(2), 34, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			addr := ldaptest.Start(t, ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...)})
			w, other := wired(t, addr), wired(t, addr)
			w.send(bindRequest(1, 3, "", ""))
			w.expect(1, 0x61, 0)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			sent := make(chan struct{})
			go func() { // the server may cut off before all is sent
				defer close(sent)
				_, _ = w.nc.Write(tt.send)
			}()
			if tt.cut {
				a := w.must()
				if a.id != 0 || a.code(t) != tt.code {
					t.Error(a)
				}
			} else if _, done := w.entries(2); done.code(t) != tt.code {
				t.Errorf("code %d, want %d", done.code(t), tt.code)
			}
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 && !raced {
				t.Errorf("%d KiB were allocated for one message", got>>10)
			}
			other.send(query{base: base}.request(1))
			other.one(1)
			_ = w.nc.Close()
			<-sent
		})
	}
}

// A connection that asks again and again outlives every deadline: they are about messages, not about connections.
func TestABusyConnectionStays(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes longer than the deadlines")
	}
	w := fewWire(t, func(o *ldapd.Options) {
		o.Limits.FirstMessage, o.Limits.Message, o.Limits.Idle, o.Limits.Write = time.Second, time.Second, time.Second, time.Second
	})
	id := int64(0)
	for end := time.Now().Add(2500 * time.Millisecond); time.Now().Before(end); {
		id++
		w.send(query{base: base}.request(id))
		w.one(id)
	}
}
