package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// set names a generated set of extracts.
type set struct {
	people int
	seed   uint64
	day    int
}

var made sync.Map // set -> func() (string, error), so that a set is made once

// extracts returns the folder of a set, which is made at its first use and only read.
func extracts(t *testing.T, s set) string {
	t.Helper()
	make, _ := made.LoadOrStore(s, sync.OnceValues(func() (string, error) {
		dir := filepath.Join(scratch, fmt.Sprintf("people%d-seed%d-day%d", s.people, s.seed, s.day))
		out, err := command(context.Background(), "fixtures", "--people", strconv.Itoa(s.people), "--seed", strconv.FormatUint(s.seed, 10),
			"--day", strconv.Itoa(s.day), "--out", dir).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("fixtures: %w\n%s", err, out)
		}
		return dir, err
	}))
	dir, err := make.(func() (string, error))()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The beginnings of the file names.
const (
	peopleFile   = "PS_LibreAcces_Personne_activite"
	skillFile    = "PS_LibreAcces_SavoirFaire"
	diplomaFile  = "PS_LibreAcces_Dipl_AutExerc"
	mailboxFile  = "Extraction_Correspondance_MSSante"
	tooFewFields = "8|99"
)

// edited returns a copy of a set with one file rewritten: fn gets its lines, header first, and returns nil to remove the file.
func edited(t *testing.T, s set, file string, fn func(lines []string) []string) string {
	t.Helper()
	dir := t.TempDir()
	copyTree(t, extracts(t, s), dir)
	path := fileIn(t, dir, file)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := fn(strings.Split(strings.TrimSuffix(string(b), "\n"), "\n"))
	if lines == nil {
		err = os.Remove(path)
	} else {
		err = os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// fileIn returns the one file of a folder whose name begins with prefix.
func fileIn(t *testing.T, dir, prefix string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, prefix+"*"))
	if err != nil || len(found) != 1 {
		t.Fatal(err, prefix, found)
	}
	return found[0]
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// spoil returns an edit that makes n rows unusable, spread over the file.
func spoil(n int) func([]string) []string {
	return func(lines []string) []string {
		for i := range n {
			lines[1+i*(len(lines)-1)/n] = tooFewFields
		}
		return lines
	}
}

// rows is the number of data rows of a file of a set.
func rows(t *testing.T, s set, file string) int {
	t.Helper()
	b, err := os.ReadFile(fileIn(t, extracts(t, s), file))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "\n") - 1
}

// loaded returns a fresh data directory that shows a set.
func loaded(t *testing.T, from string) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	must(t, nil, "sync", "--data", data, "--from", from)
	return data
}
