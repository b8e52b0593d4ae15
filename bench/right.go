package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"annuaire/bench/relevance"
	"annuaire/bench/rig"
	"annuaire/internal/names"
)

// rightPeople is the size of the directory of the relevance suite.
const rightPeople = 200_000

// rightResult is who finds the right person.
type rightResult struct {
	people         int
	ours, postgres []relevance.Score
	why            string // "" when PostgreSQL was asked too
}

func (r *rightResult) peer() string {
	if r.why != "" {
		return r.why
	}
	return fmt.Sprintf("%s: %.3f", postgresName, r.postgres[len(r.postgres)-1].Recall5())
}

// measureRelevance asks the questions of package relevance of a directory of its own.
func (s *session) measureRelevance(ctx context.Context) error {
	if !s.only[partRight] {
		return nil
	}
	r := &rightResult{people: min(s.people, rightPeople)}
	day, err := rig.EnsureExtract(ctx, s.out, r.people, 0)
	if err != nil {
		return err
	}
	f, err := os.Open(day.Files[rig.TableActivity].Path)
	if err != nil {
		return err
	}
	people, err := relevance.ReadPeople(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	questions := relevance.Questions(people, rig.Seed)
	rig.Tell("relevance: annuaire, %d questions", len(questions))
	p := rig.Product{Bin: s.product.Bin, Data: filepath.Join(s.dir, "relevance")}
	if _, _, err := p.Sync(ctx, day.Dir); err != nil {
		return err
	}
	srv, err := serve(ctx, p, instance{path: "/v1/professionals"})
	if err != nil {
		return err
	}
	defer srv.stop()
	c := newClient(srv.url)
	defer c.close()
	r.ours, err = relevance.Run(questions, func(text string) ([]string, error) {
		a, err := c.read(ctx, instance{path: "/v1/professionals?fields=id&q=" + url.QueryEscape(text)})
		return a.ids(), err
	})
	if err != nil {
		return err
	}
	if r.postgres, err = s.rightPostgres(ctx, people, questions); err != nil {
		rig.Tell("PostgreSQL: %v", err)
		r.postgres, r.why = nil, rig.Why(postgresName, err)
	}
	s.res.right = r
	return ctx.Err()
}

// rightSQL is how a user of PostgreSQL would ask: one folded text for each person, trigrams for its words, metaphone for what was heard.
// The text of the question finds candidates by word similarity, each of its words scores by its best match.
const rightSQL = `CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE TABLE found(id text, doc text);
`

const rightIndex = `CREATE INDEX ON found USING gin (doc gin_trgm_ops);
VACUUM ANALYZE found;
SET pg_trgm.word_similarity_threshold = 0.5;
`

// rightAsk scores candidates: the mean over the words of the question of the best of word similarity and, for what sounds alike, 0.8.
func rightAsk(text string) string {
	return fmt.Sprintf(`SELECT coalesce(string_agg(id, ','), '') FROM (SELECT f.id FROM found f,
  LATERAL (SELECT avg(greatest(word_similarity(w, f.doc), CASE WHEN EXISTS (SELECT FROM regexp_split_to_table(f.doc, ' ') d WHERE dmetaphone(d) = dmetaphone(w) AND length(w) > 2) THEN 0.8 ELSE 0 END)) AS score
    FROM regexp_split_to_table(%[1]s, ' ') w) s
  WHERE %[1]s <%% f.doc ORDER BY s.score DESC, word_similarity(%[1]s, f.doc) DESC, f.id LIMIT 20) t;
`, literal(strings.TrimSpace(text)))
}

func (s *session) rightPostgres(ctx context.Context, people []relevance.Person, questions []relevance.Question) ([]relevance.Score, error) {
	if s.skipPeers {
		return nil, rig.Unmeasured("-skip-peers")
	}
	dir := filepath.Join(s.dir, "right")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	c, err := startCluster(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer c.stop()
	rig.Tell("relevance: PostgreSQL")
	if _, err := c.psql(ctx, rightSQL); err != nil {
		return nil, err
	}
	var rows strings.Builder
	for _, p := range people {
		words := []string{p.Family, p.Given}
		for _, x := range p.Places {
			words = append(words, x.City, x.Profession, x.Skill)
		}
		fmt.Fprintf(&rows, "%s\t%s\n", p.ID, names.Fold(strings.Join(words, " ")))
	}
	path := filepath.Join(dir, "found.tsv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o644); err != nil {
		return nil, err
	}
	if _, err := c.copyIn(ctx, "COPY found FROM STDIN", path); err != nil {
		return nil, err
	}
	if _, err := c.psql(ctx, rightIndex); err != nil {
		return nil, err
	}
	return relevance.Run(questions, func(text string) ([]string, error) {
		out, err := c.psql(ctx, "SET pg_trgm.word_similarity_threshold = 0.5;\n"+rightAsk(names.Fold(text)))
		return strings.Split(strings.TrimSpace(out), ","), err
	})
}

func rightText(r *rightResult) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d people, each question with its one right answer, asked as free text (`q`).\n\n%s", r.people, relevance.Table(r.ours))
	if r.why != "" {
		fmt.Fprintf(&b, "\nPostgreSQL: %s.\n", r.why)
	} else {
		fmt.Fprintf(&b, "\nThe same questions, PostgreSQL with pg_trgm, unaccent and fuzzystrmatch (`bench/right.go` has the SQL):\n\n%s", relevance.Table(r.postgres))
	}
	if missed := relevance.Missed(r.ours); missed != "" {
		fmt.Fprintf(&b, "\nNot among our first five (rank, where there is one):\n\n%s", missed)
	} else {
		b.WriteString("\nAll of them are among our first five.\n")
	}
	return b.String()
}
