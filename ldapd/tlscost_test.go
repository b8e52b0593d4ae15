package ldapd_test

import (
	"crypto/tls"
	"testing"

	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// An idle connection with TLS costs more than one without, and still little. Both ends are in this process, which counts against the bound.
func TestIdleConnectionsWithTLS(t *testing.T) {
	a := newAuthority(t)
	s := watch()
	o := ldapd.Options{Directory: ldaptest.NewDirectory(ldaptest.Few()...), Metrics: s}
	secured(a)(&o)
	addr := ldaptest.StartTLS(t, o)
	const n = 200
	open := func() *wire {
		nc, err := tls.Dial("tcp", addr, a.client())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = nc.Close() })
		w := &wire{t: t, nc: nc}
		w.send(bindRequest(1, 3, "", ""))
		w.expect(1, 0x61, 0)
		w.in = nil
		return w
	}
	open()
	before := live()
	for range n {
		open()
	}
	until(t, func() bool { return s.open.Load() == n+1 }, patience)
	each := (live() - before) / n
	t.Logf("%d KiB each, both ends", each>>10)
	if each > 100<<10 {
		t.Errorf("%d KiB each", each>>10)
	}
}
