// Package freetext understands what people type in one box: "cardiologue lyon", "dr dupont ophtalmo 69", "pharmacie de la gare", an
// RPPS number, a FINESS, a telephone number, an address.
//
// It cuts the text into spans, the longest it knows first, and gives each its readings, as alternatives with a cost: an everyday word or
// a label is codes, a town is a town and, dearer, a name. What it does not know is a name, or else the name of a structure. Nothing is
// guessed silently: the question tells how every span was read and what could not be used.
//
// Two tables are data, reviewed by hand: words.tsv (everyday words and the groups of codes they stand for) and ignored.tsv (phrases that
// no code says, and why). Lines are tab-separated, alternatives of a cell by "|", "#" opens a comment.
package freetext
