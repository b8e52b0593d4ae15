// Package match prepares values and assertions for comparison: string preparation (RFC 4518) and the forms of the matching rules of
// RFC 4517, 4.2. Two values match by a rule when their prepared forms are the same bytes; one comes before another when its form does;
// a substring matches when its form is a part of the form of the value. Values that the rule cannot compare are refused: the
// assertion is then Undefined.
//
// Besides the rules there is Fold, the announced leniency: accents, ligatures and signs put aside, as everywhere else in the directory.
//
// ASCII, and the accented letters French is written with, are prepared without allocating.
package match
