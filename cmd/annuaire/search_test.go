package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	data := loaded(t, extracts(t, set{300, 1, 0}))
	ask := func(t *testing.T, args ...string) (body map[string]any) {
		t.Helper()
		out := must(t, nil, append([]string{"search", "--data", data}, args...)...).out
		if err := json.Unmarshal([]byte(out), &body); err != nil {
			t.Fatal(err, out)
		}
		return body
	}
	t.Run("everyone is JSON when piped", func(t *testing.T) {
		if body := ask(t); body["total"] != 300.0 || len(body["items"].([]any)) != 20 {
			t.Error(body["total"])
		}
	})
	first := ask(t, "limit=1", "sort=name")["items"].([]any)[0].(map[string]any)
	t.Run("plain words are names, in any order", func(t *testing.T) {
		body := ask(t, first["given"].(string), first["family"].(string), "match=exact")
		if body["total"].(float64) < 1 {
			t.Error(body)
		}
	})
	t.Run("parameters are those of the REST interface", func(t *testing.T) {
		if body := ask(t, "id="+first["id"].(string)); body["total"] != 1.0 {
			t.Error(body)
		}
	})
	t.Run("a parameter that is repeated is any of its values", func(t *testing.T) {
		one, two := ask(t, "profession=10")["total"].(float64), ask(t, "profession=60")["total"].(float64)
		both := ask(t, "profession=10", "profession=60")["total"].(float64)
		if one == 0 || two == 0 || both <= one || both <= two || both > one+two {
			t.Error(one, two, both)
		}
	})
	t.Run("an unknown parameter is refused, and the nearest named", func(t *testing.T) {
		res := must(t, []int{2}, "search", "--data", data, "departement=69")
		if !strings.Contains(res.err, "department") || res.out != "" {
			t.Error(res)
		}
	})
}
