// Package terminal tells whether somebody looks at what is written.
package terminal

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Is reports whether w is a terminal: one that can be asked how it is set, which /dev/null and other devices cannot.
func Is(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	c, err := f.SyscallConn() // Fd would make the file a blocking one
	if err != nil {
		return false
	}
	terminal := false
	err = c.Control(func(fd uintptr) {
		_, err := unix.IoctlGetTermios(int(fd), settings)
		terminal = err == nil
	})
	return err == nil && terminal
}
