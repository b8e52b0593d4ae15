// Package boxtable is mailboxes as operators keep them: a table (CSV) with a column for each field, from which boxes are registered and into
// which they are exported, and fields on a command line. Columns and headings are in docs/MAILBOXES.md.
package boxtable
