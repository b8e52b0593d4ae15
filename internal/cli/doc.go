// Package cli is what commands of the command line share: how a running server is asked, what a wrong command line is, how a person is asked
// back, in what form answers and failures are printed, and the exit codes. What a command does is in the packages that it calls.
package cli
