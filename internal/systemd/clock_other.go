//go:build !linux

package systemd

// monotonic is not needed where there is no systemd.
func monotonic() int64 { return 0 }
