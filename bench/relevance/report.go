package relevance

import (
	"fmt"
	"slices"
	"strings"
)

// Score is how a class did.
type Score struct {
	Class         string
	N             int
	First, InFive int
	Reciprocal    float64 // sum of 1/rank, 0 beyond 20
	Misses        []string
}

// Recall1 is the share of questions with the right answer first.
func (s Score) Recall1() float64 { return float64(s.First) / float64(max(s.N, 1)) }

// Recall5 is the share with the right answer among the first five.
func (s Score) Recall5() float64 { return float64(s.InFive) / float64(max(s.N, 1)) }

// MRR is the mean reciprocal rank.
func (s Score) MRR() float64 { return s.Reciprocal / float64(max(s.N, 1)) }

// Run asks every question: ask returns the ids of the first twenty answers. The last score is over all.
func Run(questions []Question, ask func(text string) ([]string, error)) ([]Score, error) {
	all := Score{Class: "all"}
	var out []Score
	for _, q := range questions {
		ids, err := ask(q.Text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.Class, err)
		}
		if len(out) == 0 || out[len(out)-1].Class != q.Class {
			out = append(out, Score{Class: q.Class})
		}
		for _, s := range []*Score{&out[len(out)-1], &all} {
			s.N++
			switch rank := slices.Index(ids, q.Want) + 1; {
			case rank == 0:
				s.Misses = append(s.Misses, q.Text)
			default:
				s.Reciprocal += 1 / float64(rank)
				if rank == 1 {
					s.First++
				}
				if rank <= 5 {
					s.InFive++
				} else {
					s.Misses = append(s.Misses, fmt.Sprintf("%s (%d)", q.Text, rank))
				}
			}
		}
	}
	all.Misses = nil
	return append(out, all), nil
}

// Table renders scores as Markdown, with what was missed below.
func Table(scores []Score) string {
	var b strings.Builder
	b.WriteString("| questions | n | recall@1 | recall@5 | MRR |\n|---|---:|---:|---:|---:|\n")
	for _, s := range scores {
		fmt.Fprintf(&b, "| %s | %d | %.3f | %.3f | %.3f |\n", s.Class, s.N, s.Recall1(), s.Recall5(), s.MRR())
	}
	return b.String()
}

// Missed lists the questions whose right answer was not among the first five.
func Missed(scores []Score) string {
	var b strings.Builder
	for _, s := range scores {
		for _, m := range s.Misses {
			fmt.Fprintf(&b, "- %s: %s\n", s.Class, m)
		}
	}
	return b.String()
}
