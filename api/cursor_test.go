package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"annuaire"
)

// page is what these tests read of an answer.
type page struct {
	Items []struct {
		ID string `json:"id"`
	} `json:"items"`
	Next *string `json:"next"`
}

func crowd(n int) *fakeDirectory {
	d := &fakeDirectory{}
	for i := range n {
		d.people = append(d.people, annuaire.Item[annuaire.Professional]{Value: annuaire.Professional{ID: fmt.Sprintf("8990%08d", i), Family: "EXEMPLE"}})
	}
	return d
}

func TestFollowingNextReadsEverybodyOnce(t *testing.T) {
	t.Parallel()
	s := newServer(crowd(57))
	url, seen := "/v1/professionals?family=ex&family=y&profession=10&sort=name&limit=10", []string{}
	for pages := 0; ; pages++ {
		w := do(t, s, "GET", url)
		var p page
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 200 || pages > 10 {
			t.Fatalf("page %d: %d %s", pages, w.Code, w.Body)
		}
		for _, it := range p.Items {
			seen = append(seen, it.ID)
		}
		if p.Next == nil {
			break
		}
		url = strings.Replace(*p.Next, "limit=10", "limit=7", 1) // the size of a page may change on the way
	}
	if len(seen) != 57 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 57 {
		t.Errorf("%d items", len(seen))
	}
}

func TestCursorBelongsToItsQuestion(t *testing.T) {
	t.Parallel()
	s := newServer(crowd(30))
	const asked = "family=a&family=b&profession=10,21"
	var p page
	if err := json.Unmarshal(do(t, s, "GET", "/v1/professionals?"+asked).Body.Bytes(), &p); err != nil || p.Next == nil {
		t.Fatal("no next page", err)
	}
	_, token, _ := strings.Cut(*p.Next, "cursor=")
	for rule, tt := range map[string]struct {
		url    string
		status int
	}{
		"the same question":              {"/v1/professionals?" + asked, 200},
		"another order of parameters":    {"/v1/professionals?profession=21&profession=10&family=b&family=a", 200},
		"defaults written out":           {"/v1/professionals?match=tolerant&sort=relevance&" + asked, 200},
		"limit, fields, facets, explain": {"/v1/professionals?limit=3&fields=id&facets=city&explain=true&" + asked, 200},
		"a value more":                   {"/v1/professionals?family=c&" + asked, 400},
		"another criterion":              {"/v1/professionals?city=x&" + asked, 400},
		"the values of another":          {"/v1/professionals?given=a&given=b&profession=10,21", 400},
		"another match":                  {"/v1/professionals?match=exact&" + asked, 400},
		"another sort":                   {"/v1/professionals?sort=name&" + asked, 400},
		"another route":                  {"/v1/mailboxes?family=a&family=b&profession=10,21", 400},
		"no criterion":                   {"/v1/professionals?limit=20", 400},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			w := do(t, s, "GET", tt.url+"&cursor="+token)
			if w.Code != tt.status {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			if w.Code == 400 && problemIn(t, w).Parameter != "cursor" {
				t.Errorf("blames %s", w.Body)
			}
		})
	}
}

func TestCursorRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := cursor{Version: cursorVersion, Query: rapid.StringMatching("[0-9a-f]{16}").Draw(t, "query"), After: annuaire.Position{
			Grade: rapid.IntRange(0, 9).Draw(t, "grade"), Family: rapid.StringN(0, 60, 200).Draw(t, "family"),
			Given: rapid.StringN(0, 60, 200).Draw(t, "given"), ID: rapid.StringN(1, 40, 100).Draw(t, "id"),
		}}
		token, err := encodeCursor(c)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decodeCursor(token); err != nil || got != c {
			t.Fatalf("%+v came back as %+v (%v)", c, got, err)
		}
	})
}

// TestCursorIsReadStrictly refuses whatever encodeCursor would not make.
func TestCursorIsReadStrictly(t *testing.T) {
	t.Parallel()
	const good = `{"v":1,"q":"0123456789abcdef","a":{"f":"x","i":"1"}}`
	enc := base64.RawURLEncoding.EncodeToString
	if _, err := decodeCursor(enc([]byte(good))); err != nil {
		t.Fatal(err)
	}
	for rule, token := range map[string]string{
		"empty": "", "not base64": "!!", "padded": base64.URLEncoding.EncodeToString([]byte(good)), "not JSON": enc([]byte("x")), "null": enc([]byte("null")),
		"another version": enc([]byte(strings.Replace(good, `"v":1`, `"v":2`, 1))), "no version": enc([]byte(strings.Replace(good, `"v":1,`, ``, 1))),
		"an unknown key": enc([]byte(strings.Replace(good, `"v":1`, `"v":1,"x":1`, 1))), "two values": enc([]byte(good + good)), "something after": enc([]byte(good + "x")),
		"no id": enc([]byte(strings.Replace(good, `"i":"1"`, `"i":""`, 1))), "a negative grade": enc([]byte(strings.Replace(good, `"f":`, `"g":-1,"f":`, 1))),
		"a short fingerprint": enc([]byte(strings.Replace(good, "abcdef", "", 1))), "3 kB": enc([]byte(strings.Replace(good, `"x"`, `"`+strings.Repeat("x", 3000)+`"`, 1))),
	} {
		if c, err := decodeCursor(token); err == nil || c != (cursor{}) {
			t.Errorf("%s: %+v, %v", rule, c, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	token, err := encodeCursor(cursor{Version: cursorVersion, Query: "0123456789abcdef", After: annuaire.Position{Family: "exemple", ID: "899012345679"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"v":1,"q":"0123456789abcdef","a":{"i":"\ud800"}}`)))
	f.Fuzz(func(t *testing.T, token string) {
		c, err := decodeCursor(token)
		if err != nil {
			return
		}
		again, err := encodeCursor(c)
		if err != nil {
			t.Fatalf("%+v does not encode: %v", c, err)
		}
		if back, err := decodeCursor(again); len(again) <= maxCursorBytes && (err != nil || back != c) {
			t.Fatalf("%+v came back as %+v (%v)", c, back, err)
		}
	})
}
