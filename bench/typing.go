package main

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"annuaire/bench/rig"
)

// typing is how people ask who do not fill in a form: the questions of the mix that compare words, compared tolerantly; free text; and
// what is asked at every key. PostgreSQL has no counterpart of its own for them; the relevance part asks it in its way.
type typing struct {
	name string
	path func(v url.Values) string // of a question of the mix that has these parameters; "" where it has not got what it takes
	from int                       // of the mix
}

func freeText(words ...string) string {
	for _, w := range words {
		if w == "" {
			return ""
		}
	}
	return "/v1/professionals?q=" + url.QueryEscape(strings.Join(words, " "))
}

func suggestion(text string) string {
	if text == "" {
		return ""
	}
	return "/v1/suggest?q=" + url.QueryEscape(text)
}

// typed are the kinds, after those of the mix that compare words.
var typed = []typing{
	{"free text: surname + given name", func(v url.Values) string { return freeText(v.Get("family"), v.Get("given")) }, 2},
	{"free text: given name + surname with a letter missing", func(v url.Values) string { return freeText(v.Get("given"), mistype(v.Get("family"))) }, 2},
	{"free text: surname", func(v url.Values) string { return freeText(v.Get("family")) }, 1},
	{"free text: cardiologue + city", func(v url.Values) string { return freeText("cardiologue", v.Get("city")) }, 7},
	{"free text: kiné + city", func(v url.Values) string { return freeText("kiné", v.Get("city")) }, 7},
	{"suggest: 2 letters", func(v url.Values) string { return suggestion(beginning(v.Get("family"), 2)) }, 1},
	{"suggest: 3 letters", func(v url.Values) string { return suggestion(beginning(v.Get("family"), 3)) }, 1},
	{"suggest: 6 letters", func(v url.Values) string { return suggestion(beginning(v.Get("family"), 6)) }, 1},
	{"suggest: given name + 2 letters", func(v url.Values) string { return suggestion(v.Get("given") + " " + beginning(v.Get("family"), 2)) }, 2},
}

// mistype leaves the third letter out of a name of six or more.
func mistype(name string) string {
	if len(name) < 6 {
		return ""
	}
	return name[:2] + name[3:]
}

// typingKind is one row of the result.
type typingKind struct {
	name         string
	values       int
	suggest      bool
	alone, crowd rig.Spread
}

// typingResult is the latencies of what people type.
type typingResult struct{ kinds []typingKind }

func (r *typingResult) worstSuggest() (worst time.Duration) {
	for _, k := range r.kinds {
		if k.suggest {
			worst = max(worst, k.crowd.P99)
		}
	}
	return worst
}

// typingQuestions makes the questions from those of the mix.
func typingQuestions(mixed [][]instance) (kinds []typingKind, out [][]instance) {
	add := func(name string, from int, path func(url.Values) string) {
		k := typingKind{name: name, suggest: strings.HasPrefix(name, "suggest")}
		var list []instance
		for _, in := range mixed[from] {
			u, err := url.Parse(in.path)
			if err != nil {
				continue
			}
			if p := path(u.Query()); p != "" {
				list = append(list, instance{kind: len(kinds), path: p})
			}
		}
		k.values = len(list)
		kinds, out = append(kinds, k), append(out, list)
	}
	for i, q := range mix {
		add(q.name+", tolerant", i, func(v url.Values) string {
			if !v.Has("match") {
				return ""
			}
			v.Del("match")
			v.Del("sort")
			return "/v1/professionals?" + v.Encode()
		})
	}
	for _, k := range typed {
		add(k.name, k.from, k.path)
	}
	return kinds, out
}

// measureTyping asks them alone, then in a crowd.
func (s *session) measureTyping(ctx context.Context) error {
	if !s.only[partTyping] {
		return nil
	}
	kinds, questions := typingQuestions(s.questions)
	srv, err := serve(ctx, s.product, s.questions[1][0])
	if err != nil {
		return err
	}
	defer srv.stop()
	if _, err := traffic(ctx, srv.url, questions, 1, 1, nil); err != nil { // to warm up
		return err
	}
	for _, suggest := range []bool{false, true} { // what is asked at every key is not asked together with the rest
		var some [][]instance
		for k := range kinds {
			if kinds[k].suggest == suggest {
				some = append(some, questions[k])
			}
		}
		alone, busy, err := s.aloneAndInACrowd(ctx, srv, "as people type", some)
		if err != nil {
			return err
		}
		for k := range kinds {
			if kinds[k].suggest == suggest {
				kinds[k].alone, kinds[k].crowd = spreadOf(alone, ofKind(k)), spreadOf(busy, ofKind(k))
			}
		}
	}
	s.res.typing = &typingResult{kinds}
	return nil
}

func typingTable(r *typingResult) rig.Table {
	t := rig.Table{Head: []string{"what is typed", "values", "p50, 1 client", "p99, 1 client", "p50, 8 clients", "p99, 8 clients"}}
	for _, k := range r.kinds {
		if k.values > 0 {
			t.Add(k.name, strconv.Itoa(k.values), rig.Span(k.alone.P50), rig.Span(k.alone.P99), rig.Span(k.crowd.P50), rig.Span(k.crowd.P99))
		}
	}
	return t
}
