package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// flags are the flags of each command, by what follows the name of the program: "sync status". The program itself is "".
type flags map[string]map[string]bool

var (
	flag    = regexp.MustCompile(`(?:^|[\s"=\[(])--([a-z][a-z0-9-]*)`)
	option  = regexp.MustCompile(`\\-\\-([a-z][a-z0-9]*(?:\\-[a-z0-9]+)*)`)
	call    = regexp.MustCompile(`(?m)(?:^\s*|[(|;&]\s*|sudo -u annuaire |bin/)annuaire((?: +[a-z|]+)*)([^;&#]*)`)
	another = regexp.MustCompile(`^(?:/v1|[A-Z]+ |curl|openssl|ldap|tar|age|go |make|docker|systemctl|journalctl|slapd|postmap|pg_|sqlite)`)
)

// commands reads the manual page of every command.
func commands(t *testing.T) flags {
	t.Helper()
	dir := t.TempDir()
	if said, err := ask(t, "man", "--out", dir); err != nil {
		t.Fatal(err, said)
	}
	manual, err := filepath.Glob(filepath.Join(dir, "annuaire*.1"))
	if err != nil {
		t.Fatal(err)
	}
	all := flags{}
	for _, path := range manual {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "annuaire"), ".1")
		of := map[string]bool{"help": true, "cpuprofile": true} // the second is hidden: it is for whoever tunes
		for _, m := range option.FindAllSubmatch(b, -1) {
			of[strings.ReplaceAll(string(m[1]), "\\", "")] = true
		}
		all[strings.TrimSpace(strings.ReplaceAll(name, "-", " "))] = of
	}
	return all
}

// resolve splits the words after "annuaire" into the names of commands ("mailbox list|show" are two) and what is no name.
func (f flags) resolve(words []string) (names []string) {
	names = []string{""}
	for _, w := range words {
		var next []string
		for _, n := range names {
			for _, alternative := range strings.Split(w, "|") {
				if name := strings.TrimSpace(n + " " + alternative); f[name] != nil {
					next = append(next, name)
				}
			}
		}
		if len(next) < len(names)*(1+strings.Count(w, "|")) {
			break
		}
		names = next
	}
	return names
}

// called returns what commands of ours within a text say of commands and flags that do not exist.
func (f flags) called(code string) (faults []string) {
	for _, c := range call.FindAllStringSubmatch(code, -1) {
		words := strings.Fields(c[1])
		names := f.resolve(words)
		if len(words) > 0 && len(names) == 1 && names[0] == "" {
			faults = append(faults, "no command "+words[0])
			continue
		}
		rest, _, _ := strings.Cut(c[2], "|")
		for _, m := range flag.FindAllStringSubmatch(rest, -1) {
			for _, name := range names {
				if !f[name][m[1]] {
					faults = append(faults, "annuaire "+name+" has no --"+m[1])
				}
			}
		}
	}
	return faults
}

// wrong is called, also of flags that stand alone within a sentence.
func (f flags) wrong(code string) (faults []string) {
	if call.MatchString(code) || another.MatchString(code) {
		return f.called(code)
	}
	for _, m := range flag.FindAllStringSubmatch(code, -1) {
		known := false
		for _, of := range f {
			known = known || of[m[1]]
		}
		if !known {
			faults = append(faults, "no command has --"+m[1])
		}
	}
	return faults
}

func TestEveryCommandAndFlagExists(t *testing.T) {
	f := commands(t)
	if len(f) < 40 {
		t.Fatal("commands: ", len(f))
	}
	seen := 0
	for _, p := range pages(t) {
		if p.path == "CHANGELOG.md" { // what was, too
			continue
		}
		tell := func(line int, code string, faults []string) {
			seen += len(flag.FindAllString(code, -1))
			for _, fault := range faults {
				t.Errorf("%s:%d: %s", p.path, line, fault)
			}
		}
		p.spans(func(line int, code string) { tell(line, code, f.wrong(code)) })
		for _, b := range p.blocks {
			for _, l := range logicalLines(b.text) {
				if b.lang == "sh" {
					tell(b.line+1+l.at, l.text, f.called(l.text))
				}
			}
		}
	}
	if seen < 50 {
		t.Error("flags seen: ", seen)
	}
}

func TestWrongFlagsAreSeen(t *testing.T) {
	f := commands(t)
	for code, want := range map[string]string{
		"annuaire sync --dry-run":                    "",
		"annuaire sync --dry-ran":                    "annuaire sync has no --dry-ran",
		"annuaire sink":                              "no command sink",
		"annuaire backup|restore --data d":           "",
		"annuaire token new --name x | curl --json":  "",
		"--no-such":                                  "no command has --no-such",
		"curl --unix-socket x":                       "",
		"bin/annuaire search --data d dr martin 69":  "",
		"annuaire alert audience save x --titel 'y'": "annuaire alert audience save has no --titel",
	} {
		if got := strings.Join(f.wrong(code), "; "); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}

// A command that no page names is one that nobody finds.
func TestEveryCommandIsOnAPage(t *testing.T) {
	f := commands(t)
	named := map[string]bool{"": true}
	for _, p := range pages(t) {
		look := func(code string) {
			for _, c := range call.FindAllStringSubmatch(code, -1) {
				for _, name := range f.resolve(strings.Fields(c[1])) {
					named[name] = true
				}
			}
		}
		p.spans(func(_ int, code string) { look(code) })
		for _, b := range p.blocks {
			for _, l := range logicalLines(b.text) {
				look(l.text)
			}
		}
	}
	for name := range f {
		group := false
		for other := range f {
			group = group || strings.HasPrefix(other, name+" ")
		}
		if !group && !named[name] {
			t.Errorf("no page names annuaire %s", name)
		}
	}
}
