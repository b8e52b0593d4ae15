package postings

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	index "github.com/blevesearch/bleve_index_api"
	"pgregory.net/rapid"
)

// written is a file with the segment of documents, filled by b.
func written(t fataler, b *Bulk, path string, docs []doc) string {
	for _, d := range docs {
		b.Add(d)
	}
	if err := b.Write(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// given is the segment that scorch is given for a file.
func given(t fataler, path string) *Segment {
	s, _, err := plugin{}.New([]index.Document{File(path, "none")})
	if err != nil {
		t.Fatal(err)
	}
	return s.(*Segment)
}

func TestABulkIsTheSameSegment(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		b := NewBulk()
		for i := range rapid.IntRange(1, 3).Draw(t, "segments") { // one after the other: nothing of one is in the next
			docs := drawDocs(t, fmt.Sprint("s", i, "-"))
			n++
			s := given(t, written(t, b, filepath.Join(dir, fmt.Sprint(n)), docs))
			defer s.Close()
			check(t, s, flat(docs))
		}
	})
}

func TestMergedFilesHoldTheirDocumentsOneAfterTheOther(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		var files []string
		var want []doc
		for i := range rapid.IntRange(1, 5).Draw(t, "segments") {
			docs := drawDocs(t, fmt.Sprint("s", i, "-"))
			n++
			files = append(files, written(t, NewBulk(), filepath.Join(dir, fmt.Sprint(n)), docs))
			want = append(want, flat(docs)...)
		}
		n++
		to := filepath.Join(dir, fmt.Sprint(n))
		if err := MergeFiles(to, files); err != nil {
			t.Fatal(err)
		}
		s := given(t, to)
		defer s.Close()
		check(t, s, want)
		for _, f := range files {
			if _, err := os.Stat(f); !os.IsNotExist(err) {
				t.Fatal("a file that was merged is still there", err)
			}
		}
	})
}

func TestAFileBecomesTheSegmentOfScorch(t *testing.T) {
	docs := []doc{{id: "a", words: []string{"x"}}, {id: "b", words: []string{"x", "y"}}}
	for rule, movable := range map[string]bool{"it moves there": true, "or is written there, where it cannot": false} {
		t.Run(rule, func(t *testing.T) {
			path, to := filepath.Join(t.TempDir(), "built"), filepath.Join(t.TempDir(), "1.zap")
			s := given(t, written(t, NewBulk(), path, docs))
			if !movable { // as on another file system: the name is gone, the mapping is not
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Persist(to); err != nil {
				t.Fatal(err)
			}
			kept, err := openFile(to)
			if err != nil || kept.Verify() != nil {
				t.Fatal(err)
			}
			defer kept.Close()
			check(t, kept, docs)
			check(t, s, docs) // still in use
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestWhatABulkCannotDoIsSaid(t *testing.T) {
	dir := t.TempDir()
	path := written(t, NewBulk(), filepath.Join(dir, "1"), []doc{{id: "a"}})
	damaged := filepath.Join(dir, "2")
	if err := os.WriteFile(damaged, []byte("ANNUSEG1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for rule, err := range map[string]error{
		"a file is never written over":   NewBulk().Write(path),
		"nor one of a folder not there":  NewBulk().Write(filepath.Join(dir, "no", "1")),
		"a damaged file is not merged":   MergeFiles(filepath.Join(dir, "3"), []string{path, damaged}),
		"nor one that is not there":      MergeFiles(filepath.Join(dir, "3"), []string{filepath.Join(dir, "no")}),
		"nor to a folder that is absent": MergeFiles(filepath.Join(dir, "no", "3"), []string{path}),
	} {
		if err == nil {
			t.Error(rule)
		}
	}
	given(t, path).Close() // what could not be merged is still there
}
