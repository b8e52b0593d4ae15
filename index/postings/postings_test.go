package postings

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"pgregory.net/rapid"
)

// doc is a document of the tests: an id, words, a stored value, nested documents.
type doc struct {
	id     string
	words  []string
	value  string
	nested []doc
}

type testField struct {
	name    string
	terms   []string
	value   string
	options index.FieldIndexingOptions
	scratch Scratch
}

func (f *testField) Name() string                        { return f.name }
func (f *testField) Value() []byte                       { return []byte(f.value) }
func (f *testField) ArrayPositions() []uint64            { return nil }
func (f *testField) EncodedFieldType() byte              { return 't' }
func (f *testField) Analyze()                            {}
func (f *testField) Options() index.FieldIndexingOptions { return f.options }
func (f *testField) AnalyzedLength() int                 { return len(f.terms) }
func (f *testField) NumPlainTextBytes() uint64           { return 0 }
func (f *testField) AppendTerms(to []string) []string    { return append(to, f.terms...) }
func (f *testField) Scratch() *Scratch                   { return &f.scratch }
func (f *testField) AnalyzedTokenFrequencies() index.TokenFrequencies {
	out := index.TokenFrequencies{}
	for _, t := range f.terms {
		out[t] = &index.TokenFreq{}
	}
	return out
}

func (d doc) ID() string                                 { return d.id }
func (d doc) Size() int                                  { return 0 }
func (d doc) VisitComposite(index.CompositeFieldVisitor) {}
func (d doc) HasComposite() bool                         { return false }
func (d doc) NumPlainTextBytes() uint64                  { return 0 }
func (d doc) AddIDField()                                {}
func (d doc) StoredFieldsBytes() uint64                  { return 0 }
func (d doc) Indexed() bool                              { return true }
func (d doc) VisitFields(visit index.FieldVisitor) {
	visit(&testField{name: idField, terms: []string{d.id}, value: d.id, options: index.IndexField | index.StoreField})
	visit(&testField{name: "words", terms: d.words, options: index.IndexField})
	if d.value != "" {
		visit(&testField{name: "value", value: d.value, options: index.StoreField})
	}
}
func (d doc) VisitNestedDocuments(visit func(index.Document)) {
	for _, n := range d.nested {
		visit(n)
	}
}

func (d doc) flat() []doc { return append([]doc{d}, d.nested...) }

func flat(docs []doc) (out []doc) {
	for _, d := range docs {
		out = append(out, d.flat()...)
	}
	return out
}

func build(t fataler, docs []doc) segment.Segment {
	t.Helper()
	var in []index.Document
	for _, d := range docs {
		in = append(in, d)
	}
	s, _, err := plugin{}.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// drawDocs makes documents whose words repeat often enough for every form of postings.
func drawDocs(t *rapid.T, prefix string) []doc {
	n := rapid.IntRange(1, 60).Draw(t, "documents")
	words := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("abcé\x01")), 0, 3, -1), 0, 4)
	var out []doc
	for i := range n {
		d := doc{id: fmt.Sprintf("%s%03d", prefix, i), words: append(words.Draw(t, "words"), "all"), value: fmt.Sprint("v", i)}
		for j := range rapid.IntRange(0, 2).Draw(t, "nested") {
			d.nested = append(d.nested, doc{id: "+", words: append(words.Draw(t, "words"), fmt.Sprint("n", j))})
		}
		out = append(out, d)
	}
	return out
}

// check compares a segment with the documents it must hold.
func check(t fataler, s segment.Segment, want []doc) {
	t.Helper()
	if s.Count() != uint64(len(want)) {
		t.Fatalf("%d documents, want %d", s.Count(), len(want))
	}
	by := map[string][]uint32{}
	for i, d := range want {
		words := slices.Clone(d.words)
		slices.Sort(words)
		for _, w := range slices.Compact(words) {
			by[w] = append(by[w], uint32(i))
		}
		id, err := s.DocID(uint64(i))
		if err != nil || string(id) != d.id {
			t.Fatalf("document %d is %q (%v), want %q", i, id, err, d.id)
		}
	}
	dict, err := s.Dictionary("words")
	if err != nil || dict.Cardinality() != len(by) {
		t.Fatalf("%d terms (%v), want %d", dict.Cardinality(), err, len(by))
	}
	last, n := "", 0
	for it := dict.AutomatonIterator(nil, nil, nil); ; n++ {
		e, err := it.Next()
		if err != nil {
			t.Fatal(err)
		}
		if e == nil {
			break
		}
		if n > 0 && e.Term <= last {
			t.Fatalf("term %q after %q", e.Term, last)
		}
		last = e.Term
		pl, err := dict.PostingsList([]byte(e.Term), nil, nil)
		if err != nil || pl.Count() != e.Count {
			t.Fatal(err, pl.Count(), e.Count)
		}
		if got := pl.(*List).Bitmap().ToArray(); !slices.Equal(got, by[e.Term]) {
			t.Fatalf("term %q: %v, want %v", e.Term, got, by[e.Term])
		}
	}
	if n != len(by) {
		t.Fatalf("%d terms walked, want %d", n, len(by))
	}
}

func TestASegmentHoldsItsDocuments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := drawDocs(t, "d")
		check(t, build(t, docs), flat(docs))
	})
}

func TestMergeKeepsWhatIsNotDropped(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		var segs []segment.Segment
		var drops []*roaring.Bitmap
		var want []doc
		for i := range rapid.IntRange(1, 4).Draw(t, "segments") {
			docs := drawDocs(t, fmt.Sprint("s", i, "-"))
			s := build(t, docs)
			gone := roaring.BitmapOf(rapid.SliceOf(rapid.Uint32Range(0, uint32(len(flat(docs))-1))).Draw(t, "gone")...)
			gone.AndNot(s.(*Segment).Nested()) // people go whole
			gone = s.(segment.NestedSegment).AddNestedDocuments(gone)
			for d, x := range flat(docs) {
				if !gone.Contains(uint32(d)) {
					want = append(want, x)
				}
			}
			segs, drops = append(segs, s), append(drops, gone)
		}
		n++
		path := filepath.Join(dir, fmt.Sprint(n))
		numbers, _, err := plugin{}.Merge(segs, drops, path, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := plugin{}.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		check(t, s, want)
		if err := s.(*persisted).Verify(); err != nil {
			t.Fatal(err)
		}
		next := uint64(0)
		for i, nums := range numbers {
			for d, got := range nums {
				if drops[i].Contains(uint32(d)) {
					if got != math.MaxUint64 {
						t.Fatalf("a dropped document has number %d", got)
					}
				} else if got != next {
					t.Fatalf("document %d of segment %d became %d, want %d", d, i, got, next)
				} else {
					next++
				}
			}
		}
	})
}

func TestNestedDocumentsFollowTheirs(t *testing.T) {
	s := build(t, []doc{{id: "a"}, {id: "b", nested: []doc{{id: "+"}, {id: "+"}}}, {id: "c", nested: []doc{{id: "+"}}}}).(*Segment)
	t.Run("deleting a document deletes those nested in it, and no others", func(t *testing.T) {
		if got := s.AddNestedDocuments(roaring.BitmapOf(0, 1)).ToArray(); !slices.Equal(got, []uint32{0, 1, 2, 3}) {
			t.Fatal(got)
		}
	})
	t.Run("only the outer ones count as roots", func(t *testing.T) {
		if n := s.CountRoot(nil); n != 3 {
			t.Fatal(n)
		}
		if n := s.CountRoot(roaring.BitmapOf(1, 2, 3)); n != 2 {
			t.Fatal(n)
		}
	})
	t.Run("a nested one names what it is nested in", func(t *testing.T) {
		if got := s.Ancestors(3, nil); len(got) != 2 || got[1] != index.NewAncestorID(1) {
			t.Fatal(got)
		}
	})
}

func TestDictionary(t *testing.T) {
	d, _ := build(t, []doc{{id: "1", words: []string{"b", "ba", "bb", "c", "a"}}}).Dictionary("words")
	walk := func(from, to string) (out []string) {
		for it := d.AutomatonIterator(nil, []byte(from), []byte(to)); ; {
			if e, _ := it.Next(); e == nil {
				return out
			} else {
				out = append(out, e.Term)
			}
		}
	}
	t.Run("a range includes its start and excludes its end", func(t *testing.T) {
		if got := strings.Join(walk("b", "c"), " "); got != "b ba bb" {
			t.Fatal(got)
		}
	})
	t.Run("a term that is not there has no documents", func(t *testing.T) {
		pl, err := d.PostingsList([]byte("bc"), nil, nil)
		if ok, _ := d.Contains([]byte("bc")); err != nil || ok || pl.Count() != 0 {
			t.Fatal(err, ok)
		}
	})
	t.Run("excepted documents are left out, single ones too", func(t *testing.T) {
		pl, err := d.PostingsList([]byte("b"), roaring.BitmapOf(0), nil)
		if err != nil || pl.Count() != 0 {
			t.Fatal(err, pl.Count())
		}
	})
	t.Run("the first document of a term is found without its set", func(t *testing.T) {
		s := build(t, []doc{{id: "1", words: []string{"one", "both"}}, {id: "2", words: []string{"both", "all"}}, {id: "3", words: []string{"all", "both"}}}).(*Segment)
		for _, tt := range []struct {
			term   string
			except *roaring.Bitmap
			want   int // -1: none
		}{{"one", nil, 0}, {"one", roaring.BitmapOf(0), -1}, {"both", nil, 0}, {"both", roaring.BitmapOf(0), 1}, {"both", roaring.BitmapOf(0, 1, 2), -1}, {"all", roaring.New(), 1}, {"none", nil, -1}} {
			if doc, ok, err := s.First("words", tt.term, tt.except); err != nil || ok != (tt.want >= 0) || ok && int(doc) != tt.want {
				t.Errorf("%s but %v: %d, %t, %v; want %d", tt.term, tt.except, doc, ok, err, tt.want)
			}
		}
		if _, ok, err := s.First("other", "one", nil); ok || err != nil {
			t.Error("in a field that nobody has:", ok, err)
		}
	})
	t.Run("a field that no document has is empty", func(t *testing.T) {
		other, err := build(t, []doc{{id: "1"}}).Dictionary("other")
		if err != nil || other.Cardinality() != 0 {
			t.Fatal(err)
		}
	})
}

func TestADamagedFileIsRefused(t *testing.T) {
	s := build(t, []doc{{id: "1", words: []string{"a", "b"}, value: "x"}, {id: "2", words: []string{"a"}}}).(*Segment)
	t.Run("cut anywhere", func(t *testing.T) {
		for n := range s.data {
			if _, err := open(s.data[:n]); !errors.Is(err, errDamaged) {
				t.Fatalf("%d bytes of %d: %v", n, len(s.data), err)
			}
		}
	})
	t.Run("a flipped bit is seen by Verify", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "seg")
		data := slices.Clone(s.data)
		data[len(magic)+1] ^= 1
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := openFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Close()
		if err := got.Verify(); !errors.Is(err, errDamaged) {
			t.Fatal(err)
		}
	})
}

func FuzzOpen(f *testing.F) {
	s := build(f, []doc{{id: "1", words: []string{"a", "b"}, value: "x", nested: []doc{{id: "+"}}}}).(*Segment)
	f.Add(s.data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := open(data); err == nil && s.Verify() == nil && len(s.Fields()) > len(data) {
			t.Fatal("more fields than bytes")
		}
	})
}
