package run

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"annuaire"
)

// note lists the files of the run. What is not downloaded is hashed meanwhile: digests waits for it.
func (s *session) note(ctx context.Context, paths []string) {
	if s.resumed != nil {
		s.attempt.Files = s.resumed.Files
		return
	}
	s.attempt.Files = []annuaire.SyncFile{}
	if s.fetched != nil {
		for _, f := range s.fetched.Files {
			s.attempt.Files = append(s.attempt.Files, annuaire.SyncFile{Name: filepath.Base(f.Path), Path: f.Path, Size: f.Size, SHA256: f.SHA256, Identity: identity(f.Path)})
		}
		return
	}
	seen := map[string]bool{}
	for _, f := range s.files() {
		if seen[f.Path] {
			continue
		}
		seen[f.Path] = true
		st, err := os.Stat(f.Path)
		if err == nil {
			s.attempt.Files = append(s.attempt.Files, annuaire.SyncFile{Name: filepath.Base(f.Path), Path: f.Path, Size: st.Size(), Identity: identity(f.Path)})
		}
	}
	if s.DryRun {
		return
	}
	list, sums := s.attempt.Files, make(chan []string, 1)
	s.sums = sums
	go func() {
		out := make([]string, len(list))
		for i, f := range list {
			out[i] = sha256Of(ctx, f.Path)
		}
		sums <- out
	}()
}

// digests puts the hashes of the files with them, once they are known.
func (s *session) digests() {
	if s.sums == nil {
		return
	}
	for i, sum := range <-s.sums {
		s.attempt.Files[i].SHA256 = sum
	}
	s.sums = nil
}

// sha256Of is "" for a file that cannot be read to its end: whoever reads it for its rows says so.
func sha256Of(ctx context.Context, path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	for err == nil && ctx.Err() == nil {
		_, err = io.CopyN(h, f, 8<<20)
	}
	if !errors.Is(err, io.EOF) {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

// identity tells whether a file is still the one that was read.
func identity(path string) string {
	st, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d %d", st.Size(), st.ModTime().UnixNano())
}
