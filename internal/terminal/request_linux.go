package terminal

import "golang.org/x/sys/unix"

// settings asks a terminal how it is set.
const settings = unix.TCGETS
