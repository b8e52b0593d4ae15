// Package run brings the directory from what it shows to what an extract says: acquire, scan, compare, apply, publish.
//
// It reads every file twice. Scan keeps 24 bytes per row and finds, by sorting, which people, structures and mailboxes may
// differ from the last load; only those are read again and built. A first load builds all of them into a generation aside.
// Memory is bounded by the number of rows, not by their size.
package run
