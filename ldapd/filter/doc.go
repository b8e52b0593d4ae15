// Package filter reads search filters (RFC 4511, 4.5.1.7), evaluates them on entries in three-valued logic, and tells the index which
// entries can match.
//
// Everything an assertion needs is prepared once, when the filter is read; evaluating an entry allocates nothing but for rare assertions (DNs, matching rules
// without an attribute). Unless Options.Strict, the announced leniencies (DESIGN 9) widen what RFC 4517 finds, and never narrow it:
// accents, ligatures and signs are folded, and the words of a name may come in any order.
package filter
