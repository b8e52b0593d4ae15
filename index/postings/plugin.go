package postings

import (
	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// The name under which scorch knows the format: "forceSegmentType" and "forceSegmentVersion" of its configuration.
const (
	Type    = "annuaire"
	Version = 1
)

func init() { scorch.RegisterSegmentPlugin(plugin{}, false) } // the registry is bleve's, and global

type plugin struct{}

func (plugin) Type() string    { return Type }
func (plugin) Version() uint32 { return Version }

// New makes a segment in memory, documents in the order given, each followed by those nested in it; or opens the one that a Bulk has
// written, which is not persistent before scorch has given it its name.
func (plugin) New(docs []index.Document) (segment.Segment, uint64, error) {
	if w, ok := docs[0].(*whole); ok && len(docs) == 1 {
		s, err := openFile(w.path)
		if err != nil {
			return nil, 0, err
		}
		return s.Segment, uint64(len(s.data)), nil
	}
	b := newBuilder()
	for _, d := range docs {
		b.add(d)
	}
	data, err := b.bytes()
	if err != nil {
		return nil, 0, err
	}
	s, err := open(data)
	return s, uint64(len(data)), err
}

func (p plugin) NewUsing(docs []index.Document, _ map[string]any) (segment.Segment, uint64, error) {
	return p.New(docs)
}

// Open maps the segment at path.
func (plugin) Open(path string) (segment.Segment, error) {
	s, err := openFile(path)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (p plugin) OpenUsing(path string, _ map[string]any) (segment.Segment, error) {
	return p.Open(path)
}

// Merge writes one segment in place of several.
func (plugin) Merge(segs []segment.Segment, drops []*roaring.Bitmap, path string, stop chan struct{}, _ segment.StatsReporter) (
	[][]uint64, uint64, error) {
	return merge(segs, drops, path, stop)
}

func (p plugin) MergeUsing(segs []segment.Segment, drops []*roaring.Bitmap, path string, stop chan struct{}, s segment.StatsReporter,
	_ map[string]any) ([][]uint64, uint64, error) {
	return p.Merge(segs, drops, path, stop, s)
}
