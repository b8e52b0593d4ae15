package ldapd_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// Nothing of who asks, what is asked and what is answered is in the log, at any level.
func TestLogsHoldNothingOfAnybody(t *testing.T) {
	for _, panics := range []bool{false, true} {
		log := &logged{}
		d := ldaptest.NewDirectory(ldaptest.Few()...)
		if panics {
			d.Browsed = func(context.Context, int) error { panic("on DUPONT") }
		}
		s := watch()
		w := fewWire(t, s.with(), func(o *ldapd.Options) {
			o.Directory, o.Tokens = d, someTokens
			o.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		w.send(bindRequest(1, 3, "cn=secretary", "ann_good"))
		w.expect(1, 0x61, 0)
		w.send(query{base: base, scope: 1, filter: contains("sn", "dupont"), attrs: []string{"mail"}}.request(2))
		w.entries(2)
		w.send(bindRequest(3, 3, "cn=secretary", "ann_wrong"), request(4, 0x6e, compareBody(mailbox("jean.dupont"), "sn", "dupont")))
		w.expect(3, 0x61, 49)
		w.expect(4, 0x6f, 6)
		w.send([]byte(unbind))
		w.closed(-1)
		until(t, func() bool { return strings.Contains(log.String(), "ldap connection") }, patience)
		text := strings.ToLower(log.String())
		for _, word := range []string{"dupont", "secretary", "ann_good", "ann_wrong", "mssante", "127.0.0.1", "abc123"} {
			if strings.Contains(text, word) {
				t.Errorf("%q is in the log:\n%s", word, text)
			}
		}
		if panics != strings.Contains(text, "panic") {
			t.Errorf("a panic: %v\n%s", panics, text)
		}
		if n := strings.Count(text, "ldap connection"); n != 1 {
			t.Errorf("%d lines for one connection", n)
		}
	}
}
