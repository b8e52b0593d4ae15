package main

import (
	"fmt"
	"strings"
)

// literal quotes an SQL string. Backslashes are plain characters (standard_conforming_strings).
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// shape is what PostgreSQL is asked to return of the page.
type shape int

const (
	identifiers shape = iota // of the people of the page, on one line: what it takes to find them
	items                    // all it holds of these people and their activities: what our answer holds
)

// form is a way of putting a question to PostgreSQL: the statements that give the total and the first 20 people by name.
type form struct {
	name       string
	statements func(in instance, s shape) []string
}

// forms are both ways that come to mind; which is faster depends on the question, and PostgreSQL gets the faster one of each.
var forms = []form{{"one statement", once}, {"two statements", twice}}

// pageSize is the number of items of a page: ours by default.
const pageSize = 20

// condition is what holds of a person p.
func condition(in instance) string {
	c := in.person
	if len(in.activity) > 0 {
		c = append(c[:len(c):len(c)], "p.id IN (SELECT a.person FROM activity a WHERE "+strings.Join(in.activity, " AND ")+")")
	}
	return strings.Join(c, " AND ")
}

const byName = "family_f, given_f, id"

// once finds the people once, then counts and sorts what it found.
func once(in instance, s shape) []string {
	hits := "WITH hits AS MATERIALIZED (SELECT p.id, p.family_f, p.given_f FROM person p WHERE " + condition(in) + ") "
	page := fmt.Sprintf("(SELECT * FROM hits ORDER BY %s LIMIT %d) page", byName, pageSize)
	if s == items {
		// The total stands on its own row, so that it is there when nobody is.
		return []string{hits + "SELECT n, i.* FROM (SELECT count(*) AS n FROM hits) total LEFT JOIN (SELECT p.*, a.* FROM " + page +
			" JOIN person p USING (id) LEFT JOIN activity a ON a.person = p.id) i(" + itemNames + ") ON true ORDER BY i.family_f, i.given_f, i.id"}
	}
	return []string{hits + "SELECT (SELECT count(*) FROM hits), (SELECT string_agg(id, ',' ORDER BY " + byName + ") FROM " + page + ")"}
}

// itemNames names the first columns of an item: those of person, as pgDerive makes it.
const itemNames = "id, title, civility, family, given, family_f, given_f"

// twice counts, then asks for the page, which may follow an index in order of names and stop early. The count of what is about
// activities only does not look at people.
func twice(in instance, s shape) []string {
	count := "SELECT count(*) FROM person p WHERE " + condition(in)
	if len(in.person) == 0 {
		count = "SELECT count(*) FROM (SELECT DISTINCT a.person FROM activity a WHERE " + strings.Join(in.activity, " AND ") + ") found"
	}
	page := fmt.Sprintf("(SELECT p.* FROM person p WHERE %s ORDER BY p.family_f, p.given_f, p.id LIMIT %d) page", condition(in), pageSize)
	if s == items {
		return []string{count, "SELECT page.*, a.* FROM " + page + " LEFT JOIN activity a ON a.person = page.id ORDER BY " +
			"page.family_f, page.given_f, page.id"}
	}
	return []string{count, "SELECT string_agg(id, ',' ORDER BY " + byName + ") FROM " + page}
}
