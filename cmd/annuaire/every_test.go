package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestEvery(t *testing.T) {
	t.Run("what is done every hour is done now, and then each hour until it ends", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 150*time.Minute)
			defer cancel()
			began, at := time.Now(), []time.Duration(nil)
			every(ctx, time.Hour, func(context.Context) { at = append(at, time.Since(began)) })
			if len(at) != 3 || at[0] != 0 || at[1] != time.Hour || at[2] != 2*time.Hour || time.Since(began) != 150*time.Minute {
				t.Error(at, time.Since(began))
			}
		})
	})
	t.Run("what takes longer than its interval is never done twice at once, nor made up for", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour)
			defer cancel()
			busy, times := false, 0
			every(ctx, time.Hour, func(context.Context) {
				if busy {
					t.Error("twice at once")
				}
				busy, times = true, times+1
				time.Sleep(90 * time.Minute)
				busy = false
			})
			if times > 4 {
				t.Error(times, "times in five hours")
			}
		})
	})
}
