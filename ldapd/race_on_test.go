//go:build race

package ldapd_test

// raced: the race detector multiplies memory.
const raced = true
