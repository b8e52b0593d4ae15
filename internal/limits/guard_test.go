package limits

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestGuard(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var told []Refusal
	guard := func() *Guard {
		told = nil
		return NewGuard(New(func() time.Time { return now }), func(r Refusal) { told = append(told, r) })
	}
	exhaust := func(g *Guard, address, secret string) (n int) {
		for {
			n++
			if _, ok := g.Refused(address, secret, Refusal{Front: "rest", Rule: "token_unknown", From: address}); !ok {
				return n
			}
		}
	}
	t.Run("an address that guesses too often has to wait, whatever it shows next", func(t *testing.T) {
		g := guard()
		if n := exhaust(g, "a", "ann_aaaaaaaaaa"); n != Guesses.Burst+1 {
			t.Error(n, "guesses")
		}
		if w := g.Wait("a", "ann_zzzzzzzzzz"); w <= 0 || w > 5*time.Second {
			t.Error(w)
		}
		if w := g.Wait("b", "ann_zzzzzzzzzz"); w != 0 {
			t.Error("another address waits", w)
		}
		if len(told) != Guesses.Burst+1 || told[0] != (Refusal{"rest", "token_unknown", "a"}) {
			t.Error(told)
		}
	})
	t.Run("after the wait it may try again", func(t *testing.T) {
		g := guard()
		exhaust(g, "a", "ann_aaaaaaaaaa")
		now = now.Add(g.Wait("a", "ann_x"))
		if w := g.Wait("a", "ann_x"); w != 0 {
			t.Error(w)
		}
	})
	t.Run("many addresses that guess one beginning have to wait together", func(t *testing.T) {
		g := guard()
		for i := range Guesses.Burst {
			g.Refused(fmt.Sprint("a", i), "ann_12345678"+fmt.Sprint(i), Refusal{})
		}
		if g.Wait("fresh", "ann_12345678zzz") == 0 {
			t.Error("it need not wait")
		}
		if g.Wait("fresh", "ann_87654321zzz") != 0 {
			t.Error("another beginning waits")
		}
	})
	t.Run("who was recognised does not wait for a neighbour who guesses", func(t *testing.T) {
		g := guard()
		g.Recognised("ann_mine")
		exhaust(g, "a", "ann_aaaaaaaaaa")
		if g.Wait("a", "ann_mine") != 0 {
			t.Error("it waits")
		}
		now = now.Add(rememberFor + time.Second)
		exhaust(g, "a", "ann_aaaaaaaaaa")
		if g.Wait("a", "ann_mine") == 0 {
			t.Error("it is remembered for ever")
		}
	})
	t.Run("what is signed shares no beginning", func(t *testing.T) {
		g := guard()
		for i := range 3 * Guesses.Burst {
			g.Refused(fmt.Sprint("a", i), "", Refusal{})
		}
		if g.Wait("b", "") != 0 || g.Wait("b", "eyJhbGciOiJSUzI1NiJ9.x.y") != 0 {
			t.Error("it waits")
		}
	})
	t.Run("an address that shows what is signed, and wrong, does not keep its neighbours' secrets waiting", func(t *testing.T) {
		g := guard()
		if n := exhaust(g, "a", ""); n != Guesses.Burst+1 {
			t.Error(n, "at once")
		}
		if w := g.Wait("a", "ann_zzzzzzzzzz"); w != 0 {
			t.Error("they wait", w)
		}
	})
	t.Run("memory is bounded", func(t *testing.T) {
		g := guard()
		for i := range maxGood + 10 {
			g.Recognised(fmt.Sprint(i))
		}
		if len(g.good) > maxGood {
			t.Error(len(g.good))
		}
	})
}

// However guesses are spread in time, an address gets through no more of them than the class allows.
func TestGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
		now := start
		g := NewGuard(New(func() time.Time { return now }), nil)
		tried := 0
		for _, ms := range rapid.SliceOfN(rapid.IntRange(0, 4000), 1, 100).Draw(t, "pauses") {
			now = now.Add(time.Duration(ms) * time.Millisecond)
			if g.Wait("a", "ann_"+strings.Repeat("x", tried%30)) == 0 {
				tried++
				g.Refused("a", "ann_"+strings.Repeat("y", tried%30), Refusal{})
			}
		}
		if most := float64(Guesses.Burst) + now.Sub(start).Seconds()*Guesses.RPS + 1; float64(tried) > most {
			t.Fatalf("%d guesses in %s, at most %.1f", tried, now.Sub(start), most)
		}
	})
}
