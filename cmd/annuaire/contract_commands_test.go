package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"annuaire/internal/cli"
)

// commandLine is a line of DESIGN 7: a command, the flags it names, and the tests that show what they do.
type commandLine struct {
	command, flags string
	shown          []func(*testing.T)
}

// commandLines are in the order of DESIGN 7. What is shown elsewhere is not shown again here.
func commandLines() []commandLine {
	return []commandLine{
		{"demo", "--people", []func(*testing.T){TestDemo}},
		{"serve", "--data --config --http --https --ldap --ldaps", []func(*testing.T){TestContractCommands, TestReload}},
		{"sync", "--data --from --dry-run --yes --allow-older --json", []func(*testing.T){TestContractSources, TestContractExitCodes, TestSources, TestSourcesOfTheCommand, TestDryRun, TestGateOfTheCommand, TestInputExitCodes, TestSyncReport}},
		{"sync status", "--json", []func(*testing.T){TestSyncStatus}},
		{"sync approve", "--reason", []func(*testing.T){TestGateOfTheCommand}},
		{"sync abort", "--reason", []func(*testing.T){TestGateOfTheCommand}},
		{"sync rejects", "--rows --limit --json", []func(*testing.T){TestRejectedRows}},
		{"search", "--explain", []func(*testing.T){TestSearch, TestContractTerminal}},
		{"fixtures", "--people --seed --out --day", []func(*testing.T){TestSources, TestContractCommands}},
		{"mailbox", "", []func(*testing.T){TestMailboxCommands}},
		{"mailbox close", "--yes", []func(*testing.T){TestMailboxCommands}},
		{"mailbox delete", "--yes", []func(*testing.T){TestMailboxCommands}},
		{"delegation", "", []func(*testing.T){TestDelegationsOfARunningServer}},
		{"delegation remove", "--yes", []func(*testing.T){TestDelegationsOfARunningServer}},
		{"alert", "", []func(*testing.T){TestAlert, TestAudienceCommands}},
		{"alert cancel", "--yes", []func(*testing.T){TestAlert}},
		{"alert audience delete", "--yes", []func(*testing.T){TestAudienceCommands}},
		{"token new", "--name --role --expires", []func(*testing.T){TestTokensOfARunningServer, TestContractCommands}},
		{"token list", "", []func(*testing.T){TestTokensOfARunningServer}},
		{"token revoke", "--yes", []func(*testing.T){TestTokensOfARunningServer}},
		{"config check", "--config", []func(*testing.T){TestUsageExitCodes, TestContractCommands}},
		{"config dump", "", []func(*testing.T){TestContractCommands}},
		{"backup", "", []func(*testing.T){TestBackupAndRestore}},
		{"restore", "", []func(*testing.T){TestBackupAndRestore}},
		{"check", "", []func(*testing.T){TestUsageExitCodes}},
		{"healthcheck", "", []func(*testing.T){TestContractCommands}},
		{"version", "", []func(*testing.T){TestContractCommands}},
		{"completion", "", []func(*testing.T){TestCompletion}},
	}
}

// takesWords are the commands that any number of words may follow.
var takesWords = []string{"annuaire search", "annuaire mailbox put", "annuaire mailbox patch", "annuaire alert audience save", "annuaire alert audience preview", "annuaire help"}

// TestContractCommands holds the command line against DESIGN 7.
func TestContractCommands(t *testing.T) {
	for _, tt := range commandLines() {
		t.Run("annuaire "+tt.command, func(t *testing.T) {
			help := must(t, nil, append(strings.Fields(tt.command), "--help")...).out
			for _, flag := range strings.Fields(tt.flags) {
				if !regexp.MustCompile(`(?m)^ +(-\w, )?` + flag + `\b`).MatchString(help) {
					t.Errorf("no %s in:\n%s", flag, help)
				}
			}
			if len(tt.shown) == 0 {
				t.Error("nothing shows what it does")
			}
		})
	}
	t.Run("demo: 20 000 people", func(t *testing.T) {
		if help := must(t, nil, "demo", "--help").out; !strings.Contains(help, "(default 20000)") {
			t.Error(help)
		}
	})
	t.Run("exit code 2, bad usage: whatever is not understood, of every command", func(t *testing.T) {
		var all func(c *cobra.Command)
		all = func(c *cobra.Command) {
			args := strings.Fields(c.CommandPath())[1:]
			wrong := [][]string{append(slices.Clone(args), "--nonsense")}
			if c.HasSubCommands() {
				wrong = append(wrong, append(slices.Clone(args), "nonsense"))
			}
			if c.Name() == "help" {
				wrong = append(wrong, []string{"help", "nonsense"})
			}
			if !slices.Contains(takesWords, c.CommandPath()) && c.HasParent() {
				wrong = append(wrong, append(slices.Clone(args), "1", "2", "3", "4"))
			}
			if regexp.MustCompile(`^\S+ [A-Z]`).MatchString(c.Use) && c.Name() != "search" {
				wrong = append(wrong, args)
			}
			for _, words := range wrong {
				if res := typed(t, words...); res.code != cli.ExitUsage || res.out != "" || res.err == "" {
					t.Errorf("%q: exit code %d %s%s", words, res.code, res.out, res.err)
				}
			}
			for _, sub := range c.Commands() {
				all(sub)
			}
		}
		all(newRoot())
	})
	t.Run("serve: all accepted from the first day", everyListener)
	t.Run("serve, demo: where they answer unless told", func(t *testing.T) {
		if dump := must(t, nil, "config", "dump").out; !strings.Contains(dump, `http = "127.0.0.1:8080"`) || !strings.Contains(dump, `ldap = ""`) {
			t.Error(dump)
		}
		for flag, addr := range map[string]string{"--ldap": "127.0.0.1:8080", "--http": "127.0.0.1:3389"} { // the other address is the default
			taken(t, addr)
			if res := typed(t, "demo", "--people", "10", "--idp", "", flag, free(t)); res.code != 1 || !strings.Contains(res.err, "listen on "+addr) {
				t.Error(res)
			}
		}
	})
	t.Run("fixtures: day D is D days of churn after day 0", func(t *testing.T) {
		day := func(d int) []string {
			return strings.Split(contents(t, extracts(t, set{300, 1, d}))[filepath.Base(fileIn(t, extracts(t, set{300, 1, d}), peopleFile))], "\n")
		}
		before, after := day(0), day(9)
		kept := 0
		for _, l := range after {
			if slices.Contains(before, l) {
				kept++
			}
		}
		if kept == len(after) || kept < len(after)*3/4 {
			t.Errorf("%d of %d rows are as they were", kept, len(after))
		}
	})
	t.Run("token: stored hashed", func(t *testing.T) {
		data := t.TempDir()
		secret := strings.TrimSpace(must(t, nil, "token", "new", "--data", data, "--name", "x", "--role", "reader").out)
		for path, content := range files(t, data) {
			if strings.Contains(content, strings.TrimPrefix(secret, "ann_")) {
				t.Error(path)
			}
		}
	})
	t.Run("version", func(t *testing.T) {
		if out := must(t, nil, "version").out; !regexp.MustCompile(`^annuaire \S+ go\S+ \w+/\w+\n$`).MatchString(out) {
			t.Error(out)
		}
	})
	t.Run("configuration: defaults, then file, then ANNUAIRE_*, then flags", precedence)
}
