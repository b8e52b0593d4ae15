package run

import "cmp"

func compareOwners(a, b owner) int {
	return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.pos, b.pos))
}

// ranks gives each box its place among the boxes of its first holder, from 1, in the order of the file: national boxes have
// no other preference. owners must be sorted.
func ranks(owners []owner) map[uint64]int {
	rank := make(map[uint64]int, len(owners))
	n := 0
	for i, o := range owners {
		if i == 0 || owners[i-1].person != o.person {
			n = 0
		}
		if _, done := rank[o.box]; !done {
			n++
			rank[o.box] = n
		}
	}
	return rank
}
