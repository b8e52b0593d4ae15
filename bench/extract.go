package main

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

// seed is the country that is measured: always the same one.
const seed = 1

// extract is a day's four files.
type extract struct {
	dir   string
	files map[string]extractFile // by table
}

// extractFile is one of them.
type extractFile struct {
	path    string
	columns []string // of the header
}

// The tables that the peers make of the files: one per file.
const (
	tableActivity = "personne_activite"
	tableSkill    = "savoir_faire"
	tableDiploma  = "diplome"
	tableMailbox  = "bal"
)

var tableOrder = []string{tableActivity, tableSkill, tableDiploma, tableMailbox}

var tablePatterns = map[string]string{
	tableActivity: "PS_LibreAcces_Personne_activite_*.txt",
	tableSkill:    "PS_LibreAcces_SavoirFaire_*.txt",
	tableDiploma:  "PS_LibreAcces_Dipl_AutExerc_*.txt",
	tableMailbox:  "Extraction_Correspondance_MSSante_*.txt",
}

// ensureExtract makes the extract of a day unless an earlier run has. It is generated under another name and renamed when complete,
// so that a folder of the right name always holds all of it.
func ensureExtract(ctx context.Context, out string, people, day int) (extract, error) {
	dir := filepath.Join(out, fmt.Sprintf("people-%d-seed-%d-day-%d", people, seed, day))
	if _, err := os.Stat(dir); err == nil {
		return openExtract(dir)
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return extract{}, err
	}
	if _, err := fixtures.Generate(ctx, fixtures.Options{People: people, Seed: seed, Day: day, Out: part}); err != nil {
		return extract{}, errors.Join(fmt.Errorf("generate day %d: %w", day, err), os.RemoveAll(part))
	}
	if err := os.Rename(part, dir); err != nil {
		return extract{}, err
	}
	return openExtract(dir)
}

func openExtract(dir string) (extract, error) {
	e := extract{dir: dir, files: map[string]extractFile{}}
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
		e.files[table] = extractFile{found[0], columns}
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
	return splitHeader(line), nil
}

func splitHeader(line string) []string {
	return strings.Split(strings.TrimRight(strings.TrimPrefix(line, "\ufeff"), "\r\n"), "|")
}

// warm reads the files once, so that every system finds them in the page cache.
func (e extract) warm() error {
	for _, f := range e.files {
		in, err := os.Open(f.path)
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
