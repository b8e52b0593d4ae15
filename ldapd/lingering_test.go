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
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			for len(endless) > 0 {
				n, err := w.nc.Write(endless[:min(len(endless), 1000)])
				if err != nil {
					return
				}
				endless = endless[n:]
			}
		}()
		<-sent // it was cut off, or all was taken; only now does it read
		w.closed(2)
	}
}
