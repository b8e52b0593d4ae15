// Package directory is the whole directory as one thing: the ledger, the generation in use (directory.db and the indexes) and
// the answers joined from them.
//
// The rule is log first, views follow. A change is committed to the ledger; Generation.CatchUp then brings each view from the
// sequence it recorded to the head. Normal operation, restart and recovery after a kill run that same code. A first load, or a
// delta too large to apply in place, is built aside as a new generation while the old one answers; the ledger names it, then
// CURRENT does.
package directory
