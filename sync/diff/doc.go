// Package diff finds what differs between an extract and what is loaded, without keeping either in memory.
//
// A first pass over the files leaves 24 bytes per row: the key of what the row is about, a hash of the row, and where it
// stands. Sorted, those rows are groups; the hashes of a group, sorted and without repeats, make its print, which does not
// depend on the order of the rows nor on true duplicates. Walking the sorted groups beside the sorted prints of the last load
// tells what is new, what is missing and what has to be read again. Nothing here decides that a record changed: equal prints
// mean equal rows; different prints mean "decode and compare".
package diff
