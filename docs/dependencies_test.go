package docs

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// required is what go.mod requires: direct modules with their versions, and the others.
func required(t *testing.T) (direct map[string]string, indirect map[string]bool, tools []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	direct, indirect = map[string]string{}, map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if tool, ok := strings.CutPrefix(line, "tool "); ok {
			tools = append(tools, strings.TrimSpace(tool))
		}
		m := regexp.MustCompile(`^\t(\S+) (v\S+)( // indirect)?\n$`).FindStringSubmatch(line)
		switch {
		case m == nil:
		case m[3] != "":
			indirect[m[1]] = true
		default:
			direct[m[1]] = m[2]
		}
	}
	return direct, indirect, tools
}

// marks are words of each licence that no other has.
var marks = map[string]string{
	"Apache-2.0":   "Apache License",
	"MIT":          "Permission is hereby granted, free of charge",
	"BSD-3-Clause": "Neither the name",
	"MPL-2.0":      "Mozilla Public License",
}

// folders are where the go command keeps the modules that are here.
func folders(t *testing.T) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-m", "-json=Path,Dir", "all")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var m struct{ Path, Dir string }
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			return dirs
		} else if err != nil {
			t.Fatal(err)
		}
		dirs[m.Path] = m.Dir
	}
}

func TestDependenciesAreThoseOfTheModule(t *testing.T) {
	p := one(t, "docs/DEPENDENCIES.md")
	direct, indirect, tools := required(t)
	if len(direct) < 20 || len(indirect) < 20 || len(tools) != 1 {
		t.Fatal(len(direct), len(indirect), tools)
	}
	where := folders(t)
	told := map[string]bool{}
	for i, l := range strings.Split(p.prose, "\n") {
		cells := strings.Split(strings.Trim(l, "| "), " | ")
		if !strings.HasPrefix(l, "| `") {
			continue
		}
		if len(cells) != 6 {
			t.Errorf("line %d: %d cells", i+1, len(cells))
			continue
		}
		module, version, licence := strings.Trim(cells[0], "`"), cells[1], cells[2]
		told[module] = true
		if direct[module] != version {
			t.Errorf("line %d: go.mod has %s %q", i+1, module, direct[module])
		}
		if dir := where[module]; dir != "" && !licensed(dir, licence) {
			t.Errorf("line %d: the licence of %s does not read as %s", i+1, module, licence)
		}
	}
	for module := range direct {
		if !told[module] {
			t.Errorf("%s is not on the page", module)
		}
	}
	t.Run("and so is what they draw in", func(t *testing.T) {
		for module := range indirect {
			if !strings.Contains(p.prose, "`"+module+"`") {
				t.Errorf("%s is not on the page", module)
			}
		}
		p.spans(func(line int, code string) {
			if strings.Contains(strings.SplitN(code, "/", 2)[0], ".") && strings.Contains(code, "/") && !indirect[code] && direct[code] == "" {
				t.Errorf("line %d: go.mod has no %s", line, code)
			}
		})
	})
	t.Run("and the tools", func(t *testing.T) {
		for _, tool := range tools {
			module := strings.Split(tool, "/cmd/")[0]
			if !strings.Contains(p.prose, "`"+module+"`") {
				t.Errorf("%s is not on the page", tool)
			}
		}
	})
}

// licensed reports whether the licence that lies in a folder is the one named.
func licensed(dir, name string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, "[LlC][iIO][cCP]*"))
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && strings.Contains(strings.Join(strings.Fields(string(b)), " "), marks[name]) && marks[name] != "" {
			return true
		}
	}
	return false
}
