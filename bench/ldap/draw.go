package main

import "fmt"

// valuesPerQuestion is how many different values each question is asked with.
const valuesPerQuestion = 30

// asked is a question with its values: the searches and the same encoded.
type asked struct {
	question
	base     string
	searches []search
	requests []request
}

// instantiate gives each question values of people that were drawn: two searches of a question are never the same.
func instantiate(list []question, base string, x exported) (out []asked, err error) {
	for _, q := range list {
		a := asked{question: q, base: base}
		switch {
		case q.pages:
		case q.absent:
			for _, v := range x.known.absent(valuesPerQuestion) {
				a.searches = append(a.searches, autocomplete(v))
			}
		default:
			a.searches = different(q, x.people)
		}
		if len(a.searches) == 0 && !q.pages {
			return nil, fmt.Errorf("nobody in the address book has the values of the question %q", q.name)
		}
		for i := range a.searches {
			s := &a.searches[i]
			s.base, s.scope = base, 2
			r, err := s.encode()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			a.requests = append(a.requests, r)
		}
		out = append(out, a)
	}
	return out, nil
}

func different(q question, people []subject) (out []search) {
	seen := map[string]bool{}
	for _, p := range people {
		s, ok := q.values(p)
		if !ok || seen[s.filter] || len(out) == valuesPerQuestion {
			continue
		}
		seen[s.filter] = true
		out = append(out, s)
	}
	return out
}
