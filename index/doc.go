// Package index answers questions about people, structures and mailboxes. It compiles the one query tree (annuaire.Expr) to
// set algebra on postings.
//
// Storage is bleve's scorch engine: segments, deletions, snapshots, merging and crash safety are its own, but for the segments of a build, which
// come to it merged (docs/adr/0002). Documents come to it
// ready made (no analyzers, no scores, no positions), and queries do not go through its searchers: postings are combined here
// as roaring bitmaps, segment by segment, which is what makes counts exact and cheap.
//
// One document of the people index is one situation (annuaire.Professional.Situations). The first situation of a person is the
// head: it carries what belongs to the person (names, mailboxes) and the IdNatPP as its document id. The others follow it as
// nested documents, which scorch keeps next to their head and deletes with it. A set of people is a set of heads; a set of
// situations is a set of documents; project and spread go from one to the other.
package index
