package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// someone is what the wishes need of an item.
type someone struct {
	ID, RPPS, Family, Given string
	Practices               []struct {
		Profession  struct{ Code string }
		Specialties []struct{ Code string }
	}
	Activities []struct {
		Structure *struct{ ID, Name string }
		Address   *struct {
			Lines      []string
			PostalCode string `json:"postal_code"`
			City       string
		}
	}
	Mailboxes []struct{ Address string }
	MatchedOn []string `json:"matched_on"`
}

type people struct {
	Total int
	AsOf  time.Time `json:"as_of"`
	Items []someone
	Next  *string
}

// TestWhatUsersOfThePeersAskFor goes through the wishes that the trackers of the other directories are full of.
func TestWhatUsersOfThePeersAskFor(t *testing.T) {
	data := loaded(t, extracts(t, set{2000, 1, 0}))
	p := start(t, "REST", nil, "serve", "--data", data, "--http", "127.0.0.1:0")
	defer p.stop(t)
	find := func(t *testing.T, query string) (out people) {
		t.Helper()
		code, body := fetch(t, http.DefaultClient, p.url+"/v1/professionals?"+query, "")
		if err := json.Unmarshal([]byte(body), &out); err != nil || code != 200 {
			t.Fatal(code, body, err)
		}
		return out
	}
	post := func(t *testing.T, path string, body any) string {
		t.Helper()
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Post(p.url+path, "application/json", strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		out, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatal(res.StatusCode, string(out), err)
		}
		return string(out)
	}
	var complete someone // somebody of whom everything is known
	for _, it := range find(t, "has_mailbox=true&limit=200&sort=name&mode=L").Items {
		if len(it.Activities) == 1 && it.Activities[0].Address != nil && it.Activities[0].Structure != nil && it.Activities[0].Structure.Name != "" && it.RPPS != "" &&
			len(it.Practices) == 1 && len(it.Practices[0].Specialties) > 0 && len(it.Activities[0].Address.Lines) > 0 && it.Activities[0].Address.City != "" {
			complete = it
			break
		}
	}
	if complete.ID == "" {
		t.Fatal("nobody is complete")
	}
	t.Run("1 accents make no difference to who is found", func(t *testing.T) {
		with, without := find(t, "given=b%C3%A9n%C3%A9dicte"), find(t, "given=benedicte")
		if with.Total == 0 || with.Total != without.Total {
			t.Error(with.Total, without.Total)
		}
	})
	t.Run("2 every criterion of the Ségur form at once", func(t *testing.T) {
		a := complete.Activities[0]
		q := url.Values{"id": {complete.ID}, "family": {complete.Family}, "given": {complete.Given}, "profession": {complete.Practices[0].Profession.Code},
			"specialty": {complete.Practices[0].Specialties[0].Code}, "street": {a.Address.Lines[0]}, "structure": {a.Structure.Name}, "postal_code": {a.Address.PostalCode},
			"city": {a.Address.City}, "mailbox": {complete.Mailboxes[0].Address}}
		if got := find(t, q.Encode()); got.Total != 1 || got.Items[0].ID != complete.ID || len(got.Items[0].MatchedOn) != len(q) {
			t.Errorf("%+v", got)
		}
	})
	t.Run("3 one object per person, activities inside", func(t *testing.T) {
		seen, several := map[string]bool{}, false
		for _, it := range find(t, "limit=200").Items {
			several = several || len(it.Activities) > 1
			if seen[it.ID] {
				t.Error(it.ID, "twice")
			}
			seen[it.ID] = true
		}
		if !several {
			t.Error("nobody has two activities")
		}
	})
	t.Run("4 a family name is a family name, exactly when asked so", func(t *testing.T) {
		for _, it := range find(t, "family=martin&match=exact&limit=200").Items {
			if !strings.EqualFold(it.Family, "martin") {
				t.Error(it.Family)
			}
		}
		if got := find(t, "family=marti&match=exact"); got.Total != 0 {
			t.Error(got.Items[0].Family)
		}
	})
	t.Run("5 everything in one file, resumed after the last id", func(t *testing.T) {
		var made struct{ Secret string }
		if err := json.Unmarshal([]byte(must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "reader", "--json").out), &made); err != nil {
			t.Fatal(err)
		}
		_, all := fetch(t, http.DefaultClient, p.url+"/v1/export/professionals?fields=id", made.Secret)
		lines := strings.Split(strings.TrimSpace(all), "\n")
		var cut someone
		if err := json.Unmarshal([]byte(lines[1234]), &cut); err != nil || len(lines) != 2000 {
			t.Fatal(len(lines), err)
		}
		_, rest := fetch(t, http.DefaultClient, p.url+"/v1/export/professionals?fields=id&after="+cut.ID, made.Secret)
		if strings.Join(append(lines[:1235:1235], strings.TrimSpace(rest)), "\n") != strings.TrimSpace(all) {
			t.Error("the export does not go on where it was cut")
		}
	})
	t.Run("6 next keeps the filters, and totals are true", func(t *testing.T) {
		seen, page := map[string]bool{}, find(t, "profession=60&limit=50&q=infirmi%C3%A8re")
		for {
			for _, it := range page.Items {
				if seen[it.ID] || it.Practices[0].Profession.Code != "60" && len(it.Practices) == 1 {
					t.Error(it.ID)
				}
				seen[it.ID] = true
			}
			if page.Next == nil {
				break
			}
			_, query, _ := strings.Cut(*page.Next, "?")
			page = find(t, query)
		}
		if len(seen) != page.Total || page.Total < 100 {
			t.Error(len(seen), page.Total)
		}
	})
	t.Run("13 every answer says how old the data is", func(t *testing.T) {
		if got := find(t, "limit=1"); got.AsOf.IsZero() || time.Since(got.AsOf) < 0 {
			t.Error(got.AsOf)
		}
	})
	t.Run("14 whoever verifies an identity is never given somebody alike", func(t *testing.T) {
		wrong := complete.Family[:len(complete.Family)-1]
		body := map[string]string{"id": complete.ID, "family": complete.Family, "given": complete.Given}
		if got := post(t, "/v1/professionals/verify", body); !strings.Contains(got, `"match"`) {
			t.Error(got)
		}
		body["family"] = wrong
		if got := post(t, "/v1/professionals/verify", body); !strings.Contains(got, `{"result":"mismatch","differs":["family"]}`) {
			t.Error(got)
		}
		for _, it := range find(t, "q="+url.QueryEscape(fmt.Sprint(wrong, " ", complete.Given))).Items {
			if it.ID == complete.ID && strings.Join(it.MatchedOn, " ") == "name=exact" {
				t.Error("a search says exact of what is not")
			}
		}
	})
}
