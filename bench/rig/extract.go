package rig

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"annuaire/fixtures"
)

// Seed is the country that is measured: always the same one.
const Seed = 1

// Extract is a day's four files.
type Extract struct {
	Dir   string
	Files map[string]ExtractFile // by table
}

// ExtractFile is one of them.
type ExtractFile struct {
	Path    string
	Columns []string // of the header
}

// The tables that the peers make of the files: one per file.
const (
	TableActivity = "personne_activite"
	TableSkill    = "savoir_faire"
	TableDiploma  = "diplome"
	TableMailbox  = "bal"
)

var TableOrder = []string{TableActivity, TableSkill, TableDiploma, TableMailbox}

var tablePatterns = map[string]string{
	TableActivity: "PS_LibreAcces_Personne_activite_*.txt",
	TableSkill:    "PS_LibreAcces_SavoirFaire_*.txt",
	TableDiploma:  "PS_LibreAcces_Dipl_AutExerc_*.txt",
	TableMailbox:  "Extraction_Correspondance_MSSante_*.txt",
}

// EnsureExtract makes the extract of a day unless an earlier run has. It is generated under another name and renamed when complete,
// so that a folder of the right name always holds all of it.
func EnsureExtract(ctx context.Context, out string, people, day int) (Extract, error) {
	dir := filepath.Join(out, fmt.Sprintf("people-%d-seed-%d-day-%d", people, Seed, day))
	if _, err := os.Stat(dir); err == nil {
		return openExtract(dir)
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return Extract{}, err
	}
	if _, err := fixtures.Generate(ctx, fixtures.Options{People: people, Seed: Seed, Day: day, Out: part}); err != nil {
		return Extract{}, errors.Join(fmt.Errorf("generate day %d: %w", day, err), os.RemoveAll(part))
	}
	if err := os.Rename(part, dir); err != nil {
		return Extract{}, err
	}
	return openExtract(dir)
}

func openExtract(dir string) (Extract, error) {
	e := Extract{Dir: dir, Files: map[string]ExtractFile{}}
	for table, pattern := range tablePatterns {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return e, err
		}
		if len(found) != 1 {
			return e, fmt.Errorf("extract folder: %d files are %s, one is needed; remove the folder to have it made again", len(found), pattern)
		}
		columns, err := headerOf(found[0])
		if err != nil {
			return e, err
		}
		e.Files[table] = ExtractFile{found[0], columns}
	}
	return e, nil
}

func headerOf(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return SplitHeader(line), nil
}

func SplitHeader(line string) []string {
	return strings.Split(strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n"), "|")
}

// Warm reads the files once, so that every system finds them in the page cache.
func (e Extract) Warm() error {
	for _, f := range e.Files {
		in, err := os.Open(f.Path)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, in)
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	return nil
}
