// Package relevance asks questions of which the one right answer is known, as people type them, and counts how often it is among the
// first answers. The questions are drawn by seed from raw extracts, read here and not by the importer, so that nothing of what is
// measured judges itself.
package relevance
