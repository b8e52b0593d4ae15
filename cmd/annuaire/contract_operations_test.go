package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// operationDoc is what this test reads of an operation of the contract.
type operationDoc struct {
	Parameters []parameterDoc `yaml:"parameters"`
	Body       struct {
		Content map[string]struct {
			Example any `yaml:"example"`
		} `yaml:"content"`
	} `yaml:"requestBody"`
}

type parameterDoc struct {
	Ref      string `yaml:"$ref"`
	Name, In string
	Example  any
}

// contractOf is the contract as a server shows it.
func contractOf(t *testing.T, url string) map[string]map[string]operationDoc {
	t.Helper()
	code, text := fetch(t, http.DefaultClient, url+"/openapi.yaml", "")
	var doc struct {
		Paths      map[string]map[string]yaml.Node `yaml:"paths"`
		Components struct{ Parameters map[string]parameterDoc }
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
			for i, p := range op.Parameters {
				if p.Ref != "" {
					op.Parameters[i] = doc.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]]
				}
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

// requestOf makes a request of the examples of an operation; the mailbox is that of the operator Y.
func requestOf(path string, op operationDoc) (url, body string) {
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		v := fmt.Sprint(p.Example)
		if p.Name == "address" {
			v = zelieNew
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", v)
	}
	for _, c := range op.Body.Content {
		if c.Example != nil {
			b, _ := json.Marshal(c.Example) // examples are JSON already
			body = string(b)
		}
	}
	return path, body
}
