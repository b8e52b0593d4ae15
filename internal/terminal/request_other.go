//go:build !linux

package terminal

import "golang.org/x/sys/unix"

// settings asks a terminal how it is set, as the systems of the BSD family have it.
const settings = unix.TIOCGETA
