package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// settingKeys are the names of all settings: the program lists them when it is given one that does not exist.
func settingKeys(t *testing.T) map[string]bool {
	t.Helper()
	file := filepath.Join(t.TempDir(), "annuaire.toml")
	if err := os.WriteFile(file, []byte("nothing_of_this_name = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, _ := ask(t, "config", "dump", "--config", file)
	_, list, found := strings.Cut(said, "(keys: ")
	if !found {
		t.Fatal(said)
	}
	list, _, _ = strings.Cut(list, ")")
	keys := map[string]bool{}
	for k := range strings.SplitSeq(list, ", ") {
		keys[k] = true
		if section, _, inner := strings.Cut(k, "."); inner {
			keys[section] = true
		}
	}
	return keys
}

var (
	section = regexp.MustCompile(`^\[\[?([a-z]+)\]\]?(?: ([a-z_]+))?`)
	dotted  = regexp.MustCompile(`^([a-z]+)\.([a-z_]+)(\*?)$`)
)

// unknownSetting names what code says of a setting that does not exist, "" for nothing.
func unknownSetting(keys map[string]bool, code string) string {
	if m := section.FindStringSubmatch(code); m != nil {
		if key := m[1] + "." + m[2]; m[2] != "" && m[1] != "oidc" && m[1] != "operators" && !keys[key] {
			return key
		}
		if !keys[m[1]] {
			return m[1]
		}
	}
	m := dotted.FindStringSubmatch(code)
	if m == nil || !keys[m[1]] || keys[m[1]+"."+m[2]] {
		return ""
	}
	for k := range keys {
		if m[3] != "" && strings.HasPrefix(k, m[1]+"."+m[2]) {
			return ""
		}
	}
	return code
}

// acts are names with a dot that begin as a section does and are none of its settings: acts of the audit, files, rows.
var acts = regexp.MustCompile(`^(?:sync\.(?:start|approve|abort|resume|read|rejects|publish)|config\.reload|data\..*|alert\.(?:Frozen|\w+_\w+)|mailboxes\.go)$`)

func TestEverySettingExists(t *testing.T) {
	keys := settingKeys(t)
	if !keys["limits.anonymous_rps"] || !keys["oidc"] {
		t.Fatal(keys)
	}
	seen := 0
	for _, p := range pages(t) {
		p.spans(func(line int, code string) {
			if section.MatchString(code) {
				seen++
			}
			if unknown := unknownSetting(keys, code); unknown != "" && !acts.MatchString(code) {
				t.Errorf("%s:%d: there is no setting %s", p.path, line, unknown)
			}
		})
	}
	if seen < 30 {
		t.Error("settings seen: ", seen)
	}
}

func TestWrongSettingsAreSeen(t *testing.T) {
	keys := settingKeys(t)
	for code, want := range map[string]string{"[limits]": "", "[limits] exports = 3": "", "[limits] export": "limits.export", "[limit]": "limit", "alarm.stale_after": "",
		"alarm.stale": "alarm.stale", "limits.anonymous_*": "", "limits.nobody_*": "limits.nobody_*", "[[oidc]] preset": "", "rejects/": ""} {
		if got := unknownSetting(keys, code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

// A block of TOML is a configuration that the program takes; one that says so has the defaults.
func TestEveryConfigurationLoads(t *testing.T) {
	defaults, err := ask(t, "config", "dump")
	if err != nil {
		t.Fatal(err, defaults)
	}
	n := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.lang != "toml" {
				continue
			}
			n++
			file := filepath.Join(t.TempDir(), "annuaire.toml")
			if err := os.WriteFile(file, []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
			said, err := ask(t, "config", "dump", "--config", file)
			if err != nil {
				t.Errorf("%s:%d: %v %s", p.path, b.line, err, said)
			}
			if strings.Contains(b.text, "# these are the defaults\n") && said != defaults {
				t.Errorf("%s:%d: these are not the defaults, but:\n%s", p.path, b.line, defaults)
			}
		}
	}
	if n < 8 {
		t.Error("configurations seen: ", n)
	}
}

var variable = regexp.MustCompile(`\bANNUAIRE_[A-Z_]*[A-Z]\b`)

// A variable is a setting, or it is read by the code that bears its name.
func TestEveryVariableExists(t *testing.T) {
	known := map[string]bool{}
	for k := range settingKeys(t) {
		known["ANNUAIRE_"+strings.ToUpper(strings.ReplaceAll(k, ".", "_"))] = true
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || filepath.Dir(path) == filepath.Join(root, "docs") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`"(ANNUAIRE_[A-Z_]+)"`).FindAllSubmatch(b, -1) {
			known[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range pages(t) {
		text := p.prose
		for _, b := range p.blocks {
			text += "\n" + b.text
		}
		for _, v := range variable.FindAllString(text, -1) {
			if seen++; !known[v] {
				t.Errorf("%s: nothing reads %s", p.path, v)
			}
		}
	}
	if seen < 5 {
		t.Error("variables seen: ", seen)
	}
}
