package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// pkg is what the checker needs to know of a package: a part of what go list -json says.
type pkg struct {
	ImportPath string
	Name       string
	Doc        string
	GoFiles    []string
	Imports    []string
}

// rel is the path of a package of ours relative to the module ("." is the root); ours is false for any other package.
func rel(importPath string) (short string, ours bool) {
	if importPath == module {
		return ".", true
	}
	short, ours = strings.CutPrefix(importPath, module+"/")
	return short, ours
}

func matches(pattern, short string) bool {
	if folder, all := strings.CutSuffix(pattern, "/..."); all {
		return short == folder || strings.HasPrefix(short, folder+"/")
	}
	return pattern == short
}

func anyMatches(patterns []string, short string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, short) })
}

// check returns one line for each way in which pkgs break rules or the conventions that hold for every package.
func check(pkgs []pkg, rules []rule) (broken []string) {
	for _, p := range pkgs {
		short, ours := rel(p.ImportPath)
		if !ours {
			continue
		}
		broken = append(broken, conventions(p, short)...)
		var mine []rule
		for _, r := range rules {
			if anyMatches(r.pkgs, short) {
				mine = append(mine, r)
			}
		}
		if len(mine) != 1 {
			broken = append(broken, fmt.Sprintf("%s: %d rules of rules_test.go are about it, there must be one", short, len(mine)))
			continue
		}
		broken = append(broken, imports(p, short, mine[0])...)
	}
	return broken
}

func imports(p pkg, short string, r rule) (broken []string) {
	for _, im := range p.Imports {
		to, ours := rel(im)
		switch {
		case ours && strings.HasPrefix(to, "cmd/"):
			broken = append(broken, fmt.Sprintf("%s imports %s: nobody imports a command", short, im))
		case ours && !anyMatches(r.may, to), !ours && r.only && !standard(im):
			broken = append(broken, fmt.Sprintf("%s imports %s: %s (allowed of ours: %s)", short, im, r.why, strings.Join(r.may, ", ")))
		}
	}
	return broken
}

// standard tells the standard library by its paths: the first element of any other has a dot.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

func conventions(p pkg, short string) (broken []string) {
	say := func(format string, args ...any) {
		broken = append(broken, fmt.Sprintf("%s: %s", short, fmt.Sprintf(format, args...)))
	}
	if strings.TrimSpace(p.Doc) == "" {
		say("it has no package comment")
	}
	if p.Name == "sync" {
		say("a package named sync shadows the standard one")
	}
	if short == "sync" && len(p.GoFiles) > 0 {
		say("sync/ is an umbrella and holds no Go file, found %s", strings.Join(p.GoFiles, ", "))
	}
	if want := path.Base(p.ImportPath); p.Name != want && p.Name != "main" {
		say("package %s does not bear the name of its folder", p.Name)
	}
	return broken
}
