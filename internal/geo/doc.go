// Package geo knows the French official geographic code (INSEE COG): communes, municipal arrondissements, departments and
// regions, and how the addresses of the national extracts name them.
//
// Source : INSEE, code officiel géographique, via Etalab, Licence Ouverte 2.0 (see data/README.md).
//
// The tables are embedded and read once, on first use. Texts are compared folded (names.Fold), with "saint" and "st"
// alike. Codes are strings: "01", "2A", "971"; a commune code has 5 characters, a postal code 5 digits.
package geo
