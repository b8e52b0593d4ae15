package main

import (
	"fmt"
	"strings"

	"annuaire/bench/rig"
	"annuaire/internal/geo"
)

// pgPrepare makes the functions that fold text and find departments, and a table per file to copy it to.
//
// Folded text begins with a space and has single ones between words, so that LIKE '% mar%' means "a word begins with mar", which
// trigram indexes answer. unaccent is not immutable because its dictionary may be replaced; nobody replaces ours.
func pgPrepare(e rig.Extract) string {
	var b strings.Builder
	b.WriteString(`CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
CREATE FUNCTION plain(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT lower(public.unaccent('public.unaccent', t)) $$;
CREATE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT ' ' || btrim(regexp_replace(plain(t), '[^a-z0-9]+', ' ', 'g')) $$;
CREATE FUNCTION department_of(insee text, cp text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE
  WHEN insee ~ '^9[78]' THEN left(insee, 3) WHEN insee <> '' THEN left(insee, 2)
  WHEN cp ~ '^9[78]' THEN left(cp, 3)
  WHEN cp LIKE '20%' THEN CASE WHEN cp < '20200' THEN '2A' ELSE '2B' END
  ELSE left(cp, 2) END $$;
`)
	b.WriteString("CREATE TABLE region_of(department text PRIMARY KEY, region text);\nINSERT INTO region_of VALUES ")
	for i, d := range geo.Departments() {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(%s, %s)", literal(d), literal(geo.RegionOf(d)))
	}
	b.WriteString(";\n")
	for _, t := range rig.TableOrder {
		unlogged := ""
		if t == rig.TableActivity {
			unlogged = "UNLOGGED " // thrown away once the tables are made of it
		}
		fmt.Fprintf(&b, "CREATE %sTABLE %s(%s);\n", unlogged, t, textColumns(e.Files[t].Columns))
	}
	return b.String()
}

// pgCopy takes a file in. The quote is a character that no file has, so that a lone quotation mark is content; a backslash is content
// in this format too.
func pgCopy(table string) string {
	return "COPY " + table + ` FROM STDIN (FORMAT csv, DELIMITER '|', QUOTE E'\x01', HEADER, ENCODING 'UTF8', NULL '')`
}

// pgDerive makes the two tables that are searched: people, and their activities with all that is shown of them.
func pgDerive(e rig.Extract) string {
	keep := []string{"person"}
	for i, c := range columnNames(e.Files[rig.TableActivity].Columns) {
		if i >= 9 { // what stands before is of the person
			keep = append(keep, c)
		}
	}
	return `CREATE TABLE person AS SELECT *, coalesce(fold(family), ' ') AS family_f, coalesce(fold(given), ' ') AS given_f
  FROM (SELECT DISTINCT ON (person) person AS id, c4 AS title, c6 AS civility, family, given FROM ` + rig.TableActivity + ` ORDER BY person) one;
CREATE TABLE activity AS SELECT w.*, region_of.region FROM (
  SELECT ` + strings.Join(keep, ", ") + `, department_of(insee, postal_code) AS department,
    fold(concat_ws(' ', structure, nullif(trade_name, structure))) AS structure_f,
    fold(regexp_replace(coalesce(city, regexp_replace(last_line, '^\S+\s+', '')),
      '\s+(\d+(er?)? arrondissement|cedex.*|\(.*)$', '', 'i')) AS city_f
  FROM ` + rig.TableActivity + `) w LEFT JOIN region_of USING (department);
SELECT count(*) FROM ` + rig.TableActivity + `;
DROP TABLE ` + rig.TableActivity + `;
`
}

// pgIndex makes the indexes their users would: trigrams on what is searched by words, b-trees on codes and,
// if asked, on names in order, which answers exact names and ordered pages.
func pgIndex(onNames bool) string {
	var b strings.Builder
	b.WriteString("ALTER TABLE person ADD PRIMARY KEY (id);\n")
	if onNames {
		b.WriteString("CREATE INDEX ON person(" + byName + ");\n")
	}
	b.WriteString("CREATE INDEX ON person USING gin (family_f gin_trgm_ops);\nCREATE INDEX ON person USING gin (given_f gin_trgm_ops);\n")
	b.WriteString("CREATE INDEX ON activity USING gin (structure_f gin_trgm_ops);\n")
	for _, c := range []string{"person", "profession", "specialty", "department", "region", "postal_code", "insee", "city_f"} {
		fmt.Fprintf(&b, "CREATE INDEX ON activity(%s);\n", c)
	}
	for _, t := range []string{rig.TableSkill, rig.TableDiploma, rig.TableMailbox} {
		fmt.Fprintf(&b, "CREATE INDEX ON %s(person);\n", t)
	}
	b.WriteString("VACUUM ANALYZE;\n")
	return b.String()
}
