package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// operationDoc is what this test reads of an operation of the contract.
type operationDoc struct {
	Parameters []struct {
		Name, In string
		Example  any
	} `yaml:"parameters"`
	Body struct {
		Content map[string]struct {
			Example any `yaml:"example"`
		} `yaml:"content"`
	} `yaml:"requestBody"`
}

// contractOf is the contract as a server shows it.
func contractOf(t *testing.T, url string) map[string]map[string]operationDoc {
	t.Helper()
	code, text := fetch(t, http.DefaultClient, url+"/openapi.yaml", "")
	var doc struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || code != 200 {
		t.Fatal(code, err)
	}
	out := map[string]map[string]operationDoc{}
	for path, item := range doc.Paths {
		out[path] = map[string]operationDoc{}
		for method, node := range item {
			var op operationDoc
			if method == "parameters" || method == "summary" {
				continue
			}
			if err := node.Decode(&op); err != nil {
				t.Fatal(path, method, err)
			}
			out[path][strings.ToUpper(method)] = op
		}
	}
	return out
}

// somebody is a caller of DESIGN 10, with the means by which they prove it.
type somebody struct {
	token  string
	client *http.Client
	url    string
}

// requestOf makes a request of the examples of an operation; mailboxes are of the operator Y.
func requestOf(path string, op operationDoc) (url string, body []byte) {
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		v := fmt.Sprint(p.Example)
		if p.Name == "address" {
			v = "matrice@y.formation.mssante.fr"
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", v)
	}
	for _, c := range op.Body.Content {
		if c.Example != nil {
			body, _ = json.Marshal(c.Example) // examples are JSON already
		}
	}
	return path, body
}

// asks sends a request. Streams that do not end are left after their beginning.
func (s somebody) asks(t *testing.T, method, path string, body []byte) (code int, broken string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, rule(string(b))
}
