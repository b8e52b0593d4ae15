package dispatch

import (
	"bufio"
	"context"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/relay"
)

// sinkhole is a local relay as cheap as one can be: it reads SMTP with PIPELINING, accepts everything and keeps nothing, so that what is
// measured is the sender.
func sinkhole(b *testing.B, taken *atomic.Int64) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ln.Close() })
	serve := func(c net.Conn) {
		defer c.Close()
		r, w := bufio.NewReaderSize(c, 64<<10), bufio.NewWriter(c)
		say := func(s string) { _, _ = w.WriteString(s + "\r\n") }
		say("220 sink ESMTP")
		for data := false; ; {
			if r.Buffered() == 0 && w.Flush() != nil {
				return
			}
			l, err := r.ReadSlice('\n')
			if err != nil {
				return
			}
			switch {
			case data:
				if string(l) == ".\r\n" {
					data = false
					taken.Add(1)
					say("250 2.0.0 taken")
				}
			case strings.HasPrefix(string(l), "EHLO"):
				say("250-sink")
				say("250-PIPELINING")
				say("250 ENHANCEDSTATUSCODES")
			case strings.HasPrefix(string(l), "DATA"):
				data = true
				say("354 go")
			case strings.HasPrefix(string(l), "QUIT"):
				return
			default:
				say("250 2.1.0 ok")
			}
		}
	}
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return ln.Addr().String()
}

// recipients is for how many: 50 000, or ANNUAIRE_BENCH_RECIPIENTS.
func recipients() int {
	if n, err := strconv.Atoi(os.Getenv("ANNUAIRE_BENCH_RECIPIENTS")); err == nil {
		return n
	}
	return 50_000
}

// BenchmarkHandOver approves an alert of 3 kB in two languages and hands it over to a local relay, every state durable.
func BenchmarkHandOver(b *testing.B) {
	n := recipients()
	list := crowd(n)
	seeds := newInbox(b)
	d := draft()
	d.Text.FR = strings.Repeat("Des cas groupés de rougeole sont signalés dans le département.\n", 20)
	d.Title.EN, d.Summary.EN, d.Text.EN = "Measles", "Check vaccination.", strings.Repeat("Clusters of measles are reported.\n", 20)
	for b.Loop() {
		b.StopTimer()
		var taken atomic.Int64
		o := options(seeds)
		desk := newBench(b, b.TempDir(), people{list: list}, o)
		a := desk.submitted(d)
		desk.sender = newSender(SenderOptions{Relays: []relay.Relay{{Addr: sinkhole(b, &taken), Security: relay.Plain}}}, time.Now)
		b.StartTimer()
		began := time.Now()
		a, err := desk.Approve(b.Context(), approver, a.ID, annuaire.AlertOrder{Everyone: true}, 0)
		if err != nil {
			b.Fatal(err)
		}
		froze := time.Since(began)
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		runtime.GC()
		var before, now runtime.MemStats
		runtime.ReadMemStats(&before)
		peak := uint64(0)
		began = time.Now()
		go func() { done <- desk.Run(ctx) }()
		for desk.state(a.ID) != annuaire.AlertSent {
			time.Sleep(20 * time.Millisecond)
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
		took := time.Since(began)
		cancel()
		if err := <-done; err != nil {
			b.Fatal(err)
		}
		if c := desk.counts(a.ID); c.Accepted != n || taken.Load() != int64(n) {
			b.Fatalf("%+v, %d taken", c, taken.Load())
		}
		desk.shut()
		b.ReportMetric(float64(n)/took.Seconds(), "messages/s")
		b.ReportMetric(froze.Seconds(), "s-to-freeze")
		b.ReportMetric(float64(int64(peak)-int64(before.HeapAlloc))/(1<<20), "MiB-above")
	}
}
