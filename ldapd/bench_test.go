package ldapd_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"

	"annuaire/internal/card"
	"annuaire/ldapd"
	"annuaire/ldapd/ldaptest"
)

// ten are ten full cards: what a mail client is shown at a key.
func ten() (out []card.Card) {
	for i := range 10 {
		out = append(out, ldaptest.Mailbox("Jean"+string(rune('a'+i)), "DUPONT", ldaptest.With(card.Title, "Médecin, Cardiologie et maladies vasculaires"), ldaptest.With(card.L, "Lyon"),
			ldaptest.With(card.O, "CLINIQUE DES LILAS"), ldaptest.With(card.TelephoneNumber, "+33472000000"), ldaptest.With(card.IdNatPP, "899012345679"), ldaptest.With(card.Profession, "10"),
			ldaptest.With(card.Street, "12 RUE DES LILAS"), ldaptest.With(card.PostalCode, "69003"), ldaptest.With(card.PostalAddress, "CLINIQUE DES LILAS$12 RUE DES LILAS$69003 LYON")))
	}
	return out
}

// The cost of the protocol: ten entries in memory, the filter of Thunderbird, one connection or several, requests encoded before.
func BenchmarkSearch(b *testing.B) {
	addr := ldaptest.Start(b, ldapd.Options{Directory: ldaptest.NewDirectory(ten()...)})
	q := query{base: base, scope: 2, size: 100, filter: or(contains("cn", "dup"), contains("mail", "dup"), contains("givenName", "dup"), contains("sn", "dup"))}.request(7)
	last := []byte("\x65\x07\x0a\x01\x00\x04\x00\x04\x00")
	ask := func(nc net.Conn, r *bufio.Reader) error {
		if _, err := nc.Write(q); err != nil {
			return err
		}
		for {
			head, err := r.Peek(4)
			if err != nil {
				return err
			}
			size := 2 + int(head[1])
			if head[1] == 0x82 {
				size = 4 + int(head[2])<<8 + int(head[3])
			} else if head[1] == 0x81 {
				size = 3 + int(head[2])
			}
			m, err := r.Peek(size)
			if err != nil {
				return err
			}
			end := bytes.HasSuffix(m, last)
			if _, err := r.Discard(size); err != nil || end {
				return err
			}
		}
	}
	b.Run("1 connection", func(b *testing.B) {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		defer nc.Close()
		r := bufio.NewReaderSize(nc, 64<<10)
		b.ReportAllocs()
		for b.Loop() {
			if err := ask(nc, r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("8 connections", func(b *testing.B) {
		b.SetParallelism(4)
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			nc, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer nc.Close()
			r := bufio.NewReaderSize(nc, 64<<10)
			for pb.Next() {
				if err := ask(nc, r); err != nil && err != io.EOF {
					b.Error(err)
					return
				}
			}
		})
	})
}
