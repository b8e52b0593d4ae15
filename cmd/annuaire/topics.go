package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// strictly is strict for all commands, with those that cobra adds when it starts: an unknown topic of the help is bad usage as well.
func strictly(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	help, _, _ := root.Find([]string{"help"}) // it was added right now
	help.Args = func(_ *cobra.Command, topic []string) error {
		if _, rest, _ := root.Find(topic); len(rest) > 0 {
			return fmt.Errorf("unknown command %q", rest[0])
		}
		return nil
	}
	strict(root)
}
