package extract

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// maxSpread is how far apart the dates of three undated files may lie and still be one generation (the three are published
// within minutes; copying them may take longer).
const maxSpread = 24 * time.Hour

// set is what was found of one generation of the PS files.
type set struct {
	files map[Kind]File
	stamp time.Time // the latest of its files
	dated bool
	extra []File // same kind, same generation: not needed
}

func newSet(dated bool) *set { return &set{files: map[Kind]File{}, dated: dated} }

// add puts f in the set, or among its extras if the set has a file of that kind.
func (s *set) add(f File) {
	if _, ok := s.files[f.Kind]; ok {
		s.extra = append(s.extra, f)
		return
	}
	s.files[f.Kind] = f
	if f.Stamp.After(s.stamp) {
		s.stamp = f.Stamp
	}
}

func (s *set) full() bool { return len(s.files) == len(PeopleKinds()) }

// apart reports whether the files are too far apart in time to be one generation.
func (s *set) apart() bool {
	for _, f := range s.files {
		if s.stamp.Sub(f.Stamp) > maxSpread {
			return true
		}
	}
	return false
}

// list returns the files in the order of their kinds, then the extras.
func (s *set) list() []File {
	var out []File
	for _, k := range PeopleKinds() {
		if f, ok := s.files[k]; ok {
			out = append(out, f)
		}
	}
	return append(out, s.extra...)
}

// groupSets splits files into generations, newest first: dated ones by timestamp, undated ones by nearness.
func groupSets(files []File) []*set {
	byStamp := map[time.Time]*set{}
	var sets []*set
	var undated []File
	for _, f := range files {
		if !f.Dated {
			undated = append(undated, f)
			continue
		}
		s := byStamp[f.Stamp]
		if s == nil {
			s = newSet(true)
			byStamp[f.Stamp] = s
			sets = append(sets, s)
		}
		s.add(f)
	}
	sets = append(sets, groupUndated(undated)...)
	slices.SortStableFunc(sets, func(a, b *set) int { return b.stamp.Compare(a.stamp) })
	return sets
}

// groupUndated makes sets of undated files. Files of one archive belong together before files of one folder, and those before
// files from anywhere: two folders copied in the same second must not be mixed. What makes no set ends in a last, partial one.
func groupUndated(files []File) []*set {
	slices.SortStableFunc(files, func(a, b File) int { return b.Stamp.Compare(a.Stamp) })
	var out []*set
	levels := []func(File) string{
		func(f File) string { return f.Path },
		func(f File) string { return filepath.Dir(f.Path) },
		func(File) string { return "" },
	}
	for depth, level := range levels {
		groups, order := map[string][]File{}, []string{}
		for _, f := range files {
			key := level(f) + "\x00" + strconv.Itoa(depth)
			if _, ok := groups[key]; !ok {
				order = append(order, key)
			}
			groups[key] = append(groups[key], f)
		}
		files = nil
		for _, key := range order {
			sets, rest := drawSets(groups[key])
			out, files = append(out, sets...), append(files, rest...)
		}
		slices.SortStableFunc(files, func(a, b File) int { return b.Stamp.Compare(a.Stamp) })
	}
	if len(files) > 0 {
		s := newSet(false)
		for _, f := range files {
			s.add(f)
		}
		out = append(out, s)
	}
	return out
}

// drawSets takes complete sets out of files (newest first): around each file, in turn, the newest of the other kinds that are
// not too old for it.
func drawSets(files []File) (sets []*set, rest []File) {
	for len(files) > 0 {
		s, left := newSet(false), []File(nil)
		for _, f := range files {
			if _, ok := s.files[f.Kind]; ok || (len(s.files) > 0 && s.stamp.Sub(f.Stamp) > maxSpread) {
				left = append(left, f)
				continue
			}
			s.add(f)
		}
		if !s.full() {
			rest, files = append(rest, files[0]), files[1:]
			continue
		}
		sets, files = append(sets, s), left
	}
	return sets, rest
}

// newest orders mailbox files: newest first, plain files before archives.
func newest(a, b File) int {
	if c := b.Stamp.Compare(a.Stamp); c != 0 {
		return c
	}
	return cmp.Compare(len(a.Member), len(b.Member))
}
