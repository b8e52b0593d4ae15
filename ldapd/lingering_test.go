package ldapd_test

import (
	"testing"

	"annuaire/ldapd/ber"
)

// Whoever sends too much is told why it is cut off, although it goes on sending: closing at once would have the kernel drop what it was told.
func TestWhoSendsTooMuchIsToldWhy(t *testing.T) {
	for range 20 {
		w := fewWire(t)
		endless := request(1, 0x63, func(e *ber.Encoder) { e.Bytes(ber.OctetString, make([]byte, 1<<20)) })
		for len(endless) > 0 {
			n, err := w.nc.Write(endless[:min(len(endless), 1000)])
			if err != nil {
				t.Fatalf("with %d octets to send: %v", len(endless), err)
			}
			endless = endless[n:]
		}
		w.closed(2)
	}
}
