package main

import (
	"os"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profileFlag adds --cpuprofile to every command, for whoever tunes (docs/BENCHMARKS.md). It returns what ends the profile.
func profileFlag(root *cobra.Command) func() {
	path := root.PersistentFlags().String("cpuprofile", "", "write a CPU profile to this file")
	_ = root.PersistentFlags().MarkHidden("cpuprofile")
	stop := func() {}
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if *path == "" {
			return nil
		}
		f, err := os.Create(*path)
		if err != nil {
			return err
		}
		stop = func() { pprof.StopCPUProfile(); _ = f.Close() }
		return pprof.StartCPUProfile(f)
	}
	return func() { stop() }
}
