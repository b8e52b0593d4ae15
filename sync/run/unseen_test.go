package run

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"annuaire"
)

func TestUnseenPath(t *testing.T) {
	d := loaded(t)
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	t.Run("a server says that it is the server that cannot read a path, and what to do", func(t *testing.T) {
		refused(t, d, Options{From: []string{nowhere}, Trigger: annuaire.TriggerServer}, "the server cannot read "+nowhere, "ProtectHome", d.Path(), "https://")
	})
	t.Run("a command has no server to blame", func(t *testing.T) {
		_, err := Sync(t.Context(), d, Options{From: []string{nowhere}})
		if err == nil || strings.Contains(err.Error(), "server") || !strings.Contains(err.Error(), nowhere) {
			t.Error(err)
		}
	})
	denied := func(path string) error {
		return fmt.Errorf("extract: listing the source: %w", &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission})
	}
	given := errors.New("disk on fire")
	for _, tt := range []struct {
		rule  string
		err   error
		input bool // it is said to be the source
	}{
		{"what one may not read is told like what is not there", denied("/srv/extracts"), true},
		{"a folder below too", denied("/srv/extracts/2026/PS.zip"), true},
		{"a path that only begins alike was not asked for", denied("/srv/extracts-old"), false},
		{"nor was a folder of ours", denied(d.Path("incoming")), false},
		{"another failure stays what it is", &fs.PathError{Op: "read", Path: "/srv/extracts", Err: given}, false},
		{"no failure stays none", nil, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := &session{d: d}
			got := s.unseen(origin{name: "path", paths: []string{"/srv/extracts/"}}, tt.err)
			var input *annuaire.InputError
			if errors.As(got, &input) != tt.input || !tt.input && got != tt.err || tt.input && !errors.Is(got, fs.ErrPermission) {
				t.Errorf("%v", got)
			}
		})
	}
}
