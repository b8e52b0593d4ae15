package main

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"annuaire/bench/rig"
)

// canned answers each message on a connection with what reply returns, in order; the number counts searches of all connections. nil is no answer.
func canned(t *testing.T, reply func(search int64, r reply) [][]byte) *server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	var searches atomic.Int64
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := newStream(c)
				for {
					content, err := in.next()
					if err != nil {
						return
					}
					r, _ := parseReply(content)
					answers := [][]byte{result(r.id, opBindResponse, 0, "")}
					if r.op == opSearch {
						answers = reply(searches.Add(1), r)
					}
					for _, a := range answers {
						if _, err := c.Write(a); err != nil {
							return
						}
					}
				}
			}()
		}
	}()
	self, err := rig.Spawn(rig.Command(t.Context(), 15, "sleep", "60")) // whose processor time is read
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { self.Stop(15) })
	return &server{Child: self, name: "canned", addr: ln.Addr().String()}
}

// result encodes the end of an operation.
func result(id uint32, op byte, code int, text string) []byte {
	r := message(false, func(w *writer) {
		w.constructed(op, func() {
			w.number(tagEnum, code)
			w.octets(tagOctets, "")
			w.octets(tagOctets, text)
		})
	})
	r.setID(id)
	return r.bytes
}

// one encodes an entry.
func one(id uint32, dn string) []byte {
	r := message(false, func(w *writer) { w.constructed(opEntry, func() { w.b = append(w.b, encodeEntry(entry{dn: dn})...) }) })
	r.setID(id)
	return r.bytes
}

func someQuestion(t *testing.T) asked {
	t.Helper()
	r, err := autocomplete("dup").encode()
	if err != nil {
		t.Fatal(err)
	}
	return asked{requests: []request{r, r.clone()}}
}

func TestTurns(t *testing.T) {
	quickly := timing{lasts: 20 * time.Millisecond, patience: time.Minute, grace: time.Minute}
	t.Run("each search is counted once, whatever it finds", func(t *testing.T) {
		s := canned(t, func(_ int64, r reply) [][]byte {
			return [][]byte{one(r.id, "a"), one(r.id, "b"), result(r.id, opDone, 4, "")}
		})
		got, err := take(t.Context(), s, someQuestion(t), 3, quickly)
		if err != nil || got.done < 3 || got.refused != 0 || got.cut != 0 || got.took < quickly.lasts || got.spread.P50 <= 0 {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("an error of the server is no search done", func(t *testing.T) {
		s := canned(t, func(_ int64, r reply) [][]byte { return [][]byte{result(r.id, opDone, 51, "busy")} })
		got, err := take(t.Context(), s, someQuestion(t), 2, quickly)
		if err != nil || got.refused < 2 || got.done != 0 || got.why != "result 51 busy" {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("it goes on until as many are answered as there are connections", func(t *testing.T) {
		s := canned(t, func(n int64, r reply) [][]byte {
			if n > 1 {
				<-time.After(3 * quickly.lasts) // slow, as a scan is
			}
			return [][]byte{result(r.id, opDone, 0, "")}
		})
		got, err := take(t.Context(), s, someQuestion(t), 4, quickly)
		if err != nil || got.done < 4 || got.took < 3*quickly.lasts {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("what is not answered in patience and grace is cut off and counts with what it waited", func(t *testing.T) {
		s := canned(t, func(n int64, r reply) [][]byte {
			if n > 2 {
				return nil
			}
			return [][]byte{result(r.id, opDone, 0, "")}
		})
		got, err := take(t.Context(), s, someQuestion(t), 3, timing{lasts: 10 * time.Millisecond, patience: 30 * time.Millisecond, grace: 10 * time.Millisecond})
		if err != nil || got.done != 2 || got.cut != 3 || got.spread.P50 < 30*time.Millisecond {
			t.Errorf("%+v, %v", got, err)
		}
	})
	t.Run("a connection that breaks ends it", func(t *testing.T) {
		s := canned(t, func(_ int64, r reply) [][]byte { return [][]byte{{0x31, 0}} })
		if _, err := take(t.Context(), s, someQuestion(t), 2, timing{time.Hour, time.Hour, time.Hour}); !errors.Is(err, errReply) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an answer to something else ends it", func(t *testing.T) {
		s := canned(t, func(_ int64, r reply) [][]byte { return [][]byte{result(r.id+1, opDone, 0, "")} })
		if _, err := take(t.Context(), s, someQuestion(t), 1, quickly); !errors.Is(err, errReply) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an interrupt ends it", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := canned(t, func(_ int64, r reply) [][]byte {
			cancel()
			return [][]byte{result(r.id, opDone, 0, "")}
		})
		if _, err := take(ctx, s, someQuestion(t), 2, timing{time.Hour, time.Hour, time.Hour}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhoDoesNotBindIsAnError(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		c, err := ln.Accept()
		if err == nil {
			_, _ = io.ReadFull(c, make([]byte, len(bindRequest().bytes)))
			_, _ = c.Write(result(firstID+1, opBindResponse, 49, "no"))
		}
	}()
	if _, err := dial(t.Context(), ln.Addr().String()); err == nil || !strings.Contains(err.Error(), "49 no") {
		t.Errorf("got %v", err)
	}
}

func TestQuiet(t *testing.T) {
	t.Run("an idle server is quiet", func(t *testing.T) {
		canned(t, nil).quiet(t.Context()) // it returns
	})
	t.Run("a busy one is waited for until we are interrupted", func(t *testing.T) {
		c, err := rig.Spawn(rig.Command(t.Context(), 15, "sh", "-c", "while :; do :; done"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Stop(15)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		(&server{Child: c}).quiet(ctx)
	})
}
