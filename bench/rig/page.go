package rig

import (
	"fmt"
	"os"
	"time"
)

// Tell says what is going on, on standard error: the figures alone go to standard output.
func Tell(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// WriteDoc writes the page whole or not at all.
func WriteDoc(path, text string) error {
	if err := os.WriteFile(path+".tmp", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
