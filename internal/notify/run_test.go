package notify

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// meeting is a relay that answers nobody before so many have called.
type meeting struct {
	of        int32
	now, most atomic.Int32
	calls     atomic.Int32
	met       chan struct{}
}

func (m *meeting) Send(context.Context, Message) error {
	n := m.now.Add(1)
	defer m.now.Add(-1)
	for most := m.most.Load(); n > most && !m.most.CompareAndSwap(most, n); most = m.most.Load() {
	}
	if m.calls.Add(1) == m.of {
		close(m.met)
	}
	select {
	case <-m.met:
		return nil
	case <-time.After(10 * time.Second):
		return errors.New("they came one after the other")
	}
}

func TestRun(t *testing.T) {
	r := newRelay(t, true)
	b := newBench(t, r.sender())
	taken := make(chan struct{}, 1)
	r.onData = func(int) error { taken <- struct{}{}; return nil }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.box.Run(ctx) }()
	b.put("k", contact)
	b.box.Wake()
	b.box.Wake() // never waits
	select {
	case <-taken:
	case <-time.After(10 * time.Second):
		t.Error("what was put was not sent when it woke")
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestKeysAreInTheOrderOfTime(t *testing.T) {
	a, b := time.Unix(1_700_000_000, 0), time.Unix(1_700_000_001, 0)
	if dueKey(a, 2) >= dueKey(b, 1) || dueKey(a, 1) >= dueKey(a, 2) || !dueAt(dueKey(b, 7)).Equal(b) {
		t.Error(dueKey(a, 2), dueKey(b, 1))
	}
}
