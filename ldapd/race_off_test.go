//go:build !race

package ldapd_test

const raced = false
