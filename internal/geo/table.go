package geo

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed" // the tables
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/communes.tsv.gz
var communesGz []byte

//go:embed data/departements.tsv
var departmentsTSV string

//go:embed data/regions.tsv
var regionsTSV string

// table is the code, indexed for every question asked of it. It is never modified once built.
type table struct {
	communes    []Commune // by INSEE code
	keys        []string  // of their names (see key)
	byINSEE     map[string]int32
	byPostal    map[string][]int32
	byName      map[string][]int32 // by key
	children    map[string][]int32 // arrondissements of a city, in order
	departments map[string]division
	regions     map[string]division
	deptByName  map[string]string
	regByName   map[string]string
}

// division is a department or a region.
type division struct{ name, region string }

// tables gives the code, read on first use: a program that never asks pays nothing.
var tables = sync.OnceValue(func() *table {
	t, err := load(communesGz, departmentsTSV, regionsTSV)
	if err != nil {
		panic(err) // the files are embedded: a failure here is a broken build, which the tests catch
	}
	return t
})

// load builds the table from the three files.
func load(gz []byte, departments, regions string) (*table, error) {
	t := &table{
		byINSEE: make(map[string]int32, 36000), byPostal: make(map[string][]int32, 7000), byName: make(map[string][]int32, 36000),
		children: map[string][]int32{}, departments: map[string]division{}, regions: map[string]division{},
		deptByName: map[string]string{}, regByName: map[string]string{},
	}
	for line := range rows(regions) {
		f := strings.Split(line, "\t")
		if len(f) != 2 {
			return nil, fmt.Errorf("regions: %d columns, want 2", len(f))
		}
		t.regions[f[0]] = division{name: f[1]}
		addDivision(t.regByName, f[0], f[1])
	}
	for line := range rows(departments) {
		f := strings.Split(line, "\t")
		if len(f) != 3 {
			return nil, fmt.Errorf("departments: %d columns, want 3", len(f))
		}
		t.departments[f[0]] = division{f[1], f[2]}
		addDivision(t.deptByName, f[0], f[1])
	}
	zr, err := gzip.NewReader(bytes.NewReader(gz))
	if err != nil {
		return nil, fmt.Errorf("communes: %w", err)
	}
	text, err := io.ReadAll(zr)
	if err != nil {
		return nil, fmt.Errorf("communes: %w", err)
	}
	if err := t.readCommunes(string(text)); err != nil {
		return nil, err
	}
	t.index()
	return t, nil
}

// rows yields the lines of a file after its header.
func rows(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		_, text, _ = strings.Cut(text, "\n")
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\r\n"); line != "" && !yield(line) {
				return
			}
		}
	}
}

// readCommunes fills the communes, sorted by code.
func (t *table) readCommunes(text string) error {
	t.communes = make([]Commune, 0, 36000)
	for line := range rows(text) {
		f := strings.Split(line, "\t")
		if len(f) != 8 {
			return fmt.Errorf("communes: %d columns, want 8", len(f))
		}
		c := Commune{INSEE: f[0], Name: f[1], Department: f[3], Region: f[4], Parent: f[7]}
		if f[5] != "" {
			n, err := strconv.Atoi(f[5])
			if err != nil {
				return fmt.Errorf("communes: population of %s: %w", f[0], err)
			}
			c.Population = n
		}
		if f[6] != "" {
			c.PostalCodes = strings.Split(f[6], ",")
		}
		t.communes = append(t.communes, c)
	}
	slices.SortFunc(t.communes, func(a, b Commune) int { return cmp.Compare(a.INSEE, b.INSEE) })
	return nil
}

// index builds the ways in.
func (t *table) index() {
	t.keys = make([]string, len(t.communes))
	for i := range t.communes {
		c, n := &t.communes[i], int32(i)
		t.byINSEE[c.INSEE] = n
		for _, cp := range c.PostalCodes {
			t.byPostal[cp] = append(t.byPostal[cp], n)
		}
		if c.Parent != "" {
			t.children[c.Parent] = append(t.children[c.Parent], n)
		}
		t.keys[i] = key(c.Name)
		t.byName[t.keys[i]] = append(t.byName[t.keys[i]], n)
	}
}
