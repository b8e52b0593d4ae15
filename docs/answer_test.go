package docs

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// ellipsis ends what a page cuts short.
const ellipsis = "…"

// begins reports whether got is want, or begins so where want is cut short.
func begins(want, got string) bool {
	if head, cut := strings.CutSuffix(want, ellipsis); cut {
		return strings.HasPrefix(got, head)
	}
	return want == got
}

// sameJSON compares what a page shows with what was answered: how long it took is another each time, texts may be cut short.
func sameJSON(want, got any) bool {
	switch w := want.(type) {
	case string:
		g, ok := got.(string)
		return ok && begins(w, g)
	case []any:
		g, ok := got.([]any)
		return ok && slices.EqualFunc(w, g, sameJSON)
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(w) != len(g) {
			return false
		}
		for k := range w {
			if _, there := g[k]; !there || k != "took_ms" && !sameJSON(w[k], g[k]) {
				return false
			}
		}
		return true
	}
	return want == got
}

// answered reports whether a block shows what was printed.
func (b block) answered(printed string) bool {
	if b.lang == "json" {
		var want, got any
		return json.Unmarshal([]byte(b.text), &want) == nil && json.Unmarshal([]byte(printed), &got) == nil && sameJSON(want, got)
	}
	want, got := strings.Split(strings.TrimSpace(b.text), "\n"), strings.Split(strings.TrimSpace(printed), "\n")
	if want[len(want)-1] == ellipsis {
		want = want[:len(want)-1]
		got = got[:min(len(want), len(got))]
	}
	return slices.EqualFunc(want, got, begins)
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		rule, lang, shown, printed string
		want                       bool
	}{
		{"the same JSON, laid out otherwise, is the same", "json", `{"a": [1, "x"], "b": null}`, `{"b":null,"a":[1,"x"]}`, true},
		{"another number is another answer", "json", `{"a": 1}`, `{"a": 2}`, false},
		{"a member less is another answer", "json", `{"a": 1}`, `{"a": 1, "b": 2}`, false},
		{"an item more is another answer", "json", `[1]`, `[1, 1]`, false},
		{"items are compared in their order", "json", `[1, 2, 2]`, `[1, 2, 3]`, false},
		{"how long it took does not count", "json", `{"took_ms": 1}`, `{"took_ms": 9}`, true},
		{"a text may be cut short", "json", `{"next": "/v1/x?…"}`, `{"next": "/v1/x?y=z"}`, true},
		{"it begins as shown all the same", "json", `{"next": "/v1/x?…"}`, `{"next": "/v2/x"}`, false},
		{"lines are compared one by one", "ldif", "a: 1\nb: 2\n", "a: 1\nb: 3\n", false},
		{"a line may be cut short", "ldif", "a: 1\nb: …\n", "a: 1\nb: 3\n", true},
		{"and so may all that follows", "text", "a\n…\n", "a\nb\nc\n", true},
		{"but nothing that is shown may be missing", "text", "a\nb\n…\n", "a\n", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := (block{lang: tt.lang, text: tt.shown}).answered(tt.printed); got != tt.want {
				t.Error(got)
			}
		})
	}
}
