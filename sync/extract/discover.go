package extract

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"annuaire"
)

// Sources is what one run reads.
type Sources struct {
	People      map[Kind]File // the three PS files, of one generation
	PeopleStamp time.Time     // UTC; of undated names, the latest of the three dates
	Mailboxes   *File         // nil: the national mailboxes stay as they are
	Older       []string      // one line, in English, for each set or file left aside
}

// Discover finds the extracts in paths: folders (searched with their sub-folders), text files and ZIPs, under their ANS or
// data.gouv.fr names in any case. It takes the newest complete set of the three PS files (one 12-digit timestamp; undated
// names go by the file's date, at most 24 h apart) and the newest MSSanté file, and lists what it leaves aside. What it cannot
// use is an annuaire.Error of code invalid that names what is missing and what was found.
func Discover(paths ...string) (Sources, error) {
	var f finder
	for _, p := range paths {
		if err := f.add(p); err != nil {
			return Sources{}, err
		}
	}
	sort.Slice(f.files, func(i, j int) bool { return before(f.files[i], f.files[j]) })
	return f.choose()
}

// before orders files by name, plain ones first: reading one costs no extraction.
func before(a, b File) bool {
	if (a.Member == "") != (b.Member == "") {
		return a.Member == ""
	}
	if a.Path != b.Path {
		return a.Path < b.Path
	}
	return a.Member < b.Member
}

// finder gathers candidates.
type finder struct {
	files  []File
	broken []brokenArchive
	notes  []string
}

// brokenArchive is a ZIP found in a folder that cannot be read. It stops the run only if it may be newer than what is chosen.
type brokenArchive struct {
	path  string
	stamp time.Time
	err   error
}

func (f *finder) add(p string) error {
	info, err := os.Stat(p)
	if err != nil {
		return annuaire.Errorf(annuaire.CodeInvalid, "from", fmt.Sprintf("source illisible : %s", p),
			fmt.Sprintf("source cannot be read: %s", p), err)
	}
	if info.IsDir() {
		return f.addFolder(p)
	}
	n := len(f.files)
	if err := f.addFile(p, info); err != nil {
		return err
	}
	if len(f.files) == n {
		return annuaire.Invalid("from", "%s n'est pas un extrait connu (noms attendus : %s)",
			"%s is not a known extract (expected names: %s)", filepath.Base(p), expectedNames)
	}
	return nil
}

const expectedNames = "PS_LibreAcces_*.txt, PS_LibreAcces_*.zip, Extraction_Correspondance_MSSante_*.txt, " +
	"Extraction_Correspondance_MSSante_*.zip, ps-libreacces-*.txt, extraction-correspondance-mssante.txt"

func (f *finder) addFolder(root string) error {
	real, err := filepath.EvalSymlinks(root) // WalkDir does not enter a root that is a link
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	return filepath.WalkDir(real, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("extract: listing the source: %w", err)
		}
		if strings.HasPrefix(d.Name(), ".") && p != real { // hidden: downloads in progress, version control
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		info, err := os.Stat(p) // follows a link to a file
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		if err := f.addFile(p, info); err != nil {
			f.breaks(p, info, err)
		}
		return nil
	})
}

// breaks keeps an unreadable archive for later judgement, or forgets it if its name is not that of an extract.
func (f *finder) breaks(p string, info fs.FileInfo, err error) {
	base := filepath.Base(p)
	if !archiveName.MatchString(base) {
		f.notes = append(f.notes, fmt.Sprintf("%s left aside: not a readable archive", base))
		return
	}
	stamp, dated := stampOf(base)
	if !dated {
		stamp = fileDate(info)
	}
	f.broken = append(f.broken, brokenArchive{p, stamp, err})
}

func (f *finder) addFile(p string, info fs.FileInfo) error {
	base := filepath.Base(p)
	if strings.EqualFold(filepath.Ext(base), ".zip") {
		members, err := listArchive(p, fileDate(info))
		f.files = append(f.files, members...)
		return err
	}
	k, stamp, dated, ok := recognise(base)
	if !ok {
		return nil
	}
	if !dated {
		stamp = fileDate(info)
	}
	f.files = append(f.files, File{Kind: k, Path: p, Stamp: stamp, Dated: dated})
	return nil
}

func fileDate(info fs.FileInfo) time.Time { return info.ModTime().UTC().Truncate(time.Second) }
