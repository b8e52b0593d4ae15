// Package nomenclature knows the codes of the national extracts: what to show for one, and which ones a text means.
//
// Codes are the truth and labels are display: the extracts abbreviate their labels and change them. The tables are those of
// the NOS (Nomenclatures des Objets de Santé, Agence du Numérique en Santé), embedded as text files that tables/README.md
// describes.
// They are never complete: a code newer than them is shown with the extract's own label, so nothing here refuses a code.
package nomenclature
