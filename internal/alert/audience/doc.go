// Package audience is the language in which a health authority says whom an alert is for: a tree of criteria with two written forms, text
// and JSON, that mean the same and are turned into each other without loss. It reads them with precise errors, spells out what each
// criterion stands for, and compiles them to the one query tree (annuaire.Expr). It knows neither the directory nor mailboxes.
//
// docs/AUDIENCES.md has the grammar and the rules.
package audience
