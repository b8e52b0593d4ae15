package api

import (
	"strings"
	"testing"
)

func TestIdempotencyKey(t *testing.T) {
	r := newRegistry()
	s := boxServer(r)
	key := []string{"Idempotency-Key", "k-1"}
	first := write(s, "PUT", boxPath, perBody, "op", key...)
	if first.Code != 201 {
		t.Fatal(first.Code, first.Body)
	}
	t.Run("the same request is answered again as it was, and says so", func(t *testing.T) {
		w := write(s, "PUT", boxPath, perBody, "op", key...)
		if w.Code != 201 || w.Body.String() != first.Body.String() || w.Header().Get("ETag") != first.Header().Get("ETag") || w.Header().Get("Idempotent-Replayed") != "true" {
			t.Error(w.Code, w.Header(), w.Body)
		}
	})
	t.Run("another one under the key is refused", func(t *testing.T) {
		for _, path := range []string{boxPath, "/v1/mailboxes/other@x.formation.mssante.fr"} {
			body := strings.Replace(perBody, "EXEMPLE", "AUTRE", 1)
			if w := write(s, "PUT", path, body, "op", key...); w.Code != 409 || !strings.Contains(w.Body.String(), `"rule":"idempotency_other_content"`) {
				t.Error(w.Code, w.Body)
			}
		}
		if w := write(s, "PUT", boxPath, perBody, "op", append(key, "If-Match", `"1"`)...); w.Code != 409 {
			t.Error("other conditions are another request:", w.Code)
		}
	})
	t.Run("the key of another caller is their own", func(t *testing.T) {
		if w := write(s, "PUT", boxPath, perBody, "op2", key...); w.Code != 403 || w.Header().Get("Idempotent-Replayed") != "" {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("a refusal is answered again too", func(t *testing.T) {
		bad := []string{"Idempotency-Key", "k-2"}
		one, two := write(s, "PUT", boxPath, `{}`, "op", bad...), write(s, "PUT", boxPath, `{}`, "op", bad...)
		if one.Code != 400 || two.Code != 400 || one.Body.String() != two.Body.String() {
			t.Error(one.Body, two.Body)
		}
	})
	t.Run("what another right would change is not kept", func(t *testing.T) {
		other := []string{"Idempotency-Key", "k-3"}
		for range 2 {
			if w := write(s, "PUT", boxPath, perBody, "op2", other...); w.Code != 403 || w.Header().Get("Idempotent-Replayed") != "" {
				t.Error(w.Code, w.Header())
			}
		}
	})
	for rule, bad := range map[string]string{"a long one": strings.Repeat("k", 129), "one with a space": "a b", "one with an accent": "é"} {
		t.Run(rule+" is no key", func(t *testing.T) {
			if w := write(s, "PUT", boxPath, perBody, "op", "Idempotency-Key", bad); w.Code != 400 || !strings.Contains(w.Body.String(), "idempotency_key_invalid") {
				t.Error(w.Code, w.Body)
			}
		})
	}
	t.Run("a batch has none: its lines are idempotent by what they say", func(t *testing.T) {
		if w := batch(s, "", "op", key...); w.Code != 400 || !strings.Contains(w.Body.String(), "idempotency_key_not_taken") {
			t.Error(w.Code, w.Body)
		}
	})
	t.Run("who may not write is told before anything else", func(t *testing.T) {
		if w := write(s, "PUT", boxPath, perBody, "", key...); w.Code != 401 {
			t.Error(w.Code, w.Body)
		}
	})
}
