// Package systemd tells the service manager how the service does: ready, reloading, stopping, alive (sd_notify(3)). Without a service
// manager that listens, everything here does nothing.
package systemd

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// Notifier sends to the socket that the service manager named. The zero Notifier sends nothing.
type Notifier struct {
	socket   string
	watchdog time.Duration
}

// FromEnvironment returns the Notifier that NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID ask for.
func FromEnvironment(getenv func(string) string) Notifier {
	n := Notifier{socket: getenv("NOTIFY_SOCKET")}
	if pid := getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return n // meant for another process
	}
	if us, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		n.watchdog = time.Duration(us) * time.Microsecond
	}
	return n
}

// send writes one datagram of assignments.
func (n Notifier) send(state ...string) error {
	if n.socket == "" {
		return nil
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: n.socket, Net: "unixgram"}) // "@" begins an abstract one, as Go spells it too
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	defer c.Close()
	if _, err := c.Write([]byte(strings.Join(state, "\n"))); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// Ready says that the service answers; status is one line for a person.
func (n Notifier) Ready(status string) error { return n.send("READY=1", "STATUS="+oneLine(status)) }

// Status says how the service does, in one line for a person.
func (n Notifier) Status(status string) error { return n.send("STATUS=" + oneLine(status)) }

// Stopping says that the service is about to end.
func (n Notifier) Stopping() error { return n.send("STOPPING=1") }

// Reloading says that a new configuration is being read; Ready ends it (Type=notify-reload, systemd.service(5)).
func (n Notifier) Reloading() error {
	return n.send("RELOADING=1", "MONOTONIC_USEC="+strconv.FormatInt(monotonic(), 10))
}

// Watchdog tells the manager that the service is alive as long as healthy says so, twice as often as it wants to hear, until ctx ends.
// healthy gets half the interval for its answer. A service that cannot answer is silent, and the manager restarts it.
func (n Notifier) Watchdog(ctx context.Context, healthy func(context.Context) error, failed func(error)) {
	if n.socket == "" || n.watchdog == 0 {
		return
	}
	every := n.watchdog / 2
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := n.beat(ctx, every, healthy); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

func (n Notifier) beat(ctx context.Context, every time.Duration, healthy func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, every)
	defer cancel()
	if err := healthy(ctx); err != nil {
		return err
	}
	return n.send("WATCHDOG=1")
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }
