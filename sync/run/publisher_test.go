package run

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/directory"
	"annuaire/internal/testsource"
	"annuaire/sync/extract"
	"annuaire/sync/fetch"
)

// publisher is the ANS, as a test wants it: two archives at two addresses.
type publisher struct{ *testsource.Server }

const peoplePath, boxesPath = "/PS_LibreAcces", "/Extraction_Correspondance_MSSante"

func newPublisher(t testing.TB) publisher {
	t.Helper()
	p := publisher{testsource.New(false)}
	t.Cleanup(p.Close)
	return p
}

// archived packs rows as the ANS does.
func archived(t fataler, stamp string, rows map[extract.Kind][]fields) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, kind := range []extract.Kind{extract.Diplomas, extract.Activities, extract.Skills, extract.Mailboxes} {
		list, wanted := rows[kind]
		if !wanted {
			continue
		}
		f, err := z.Create(kind.String() + "_" + stamp + ".txt")
		ok(t, err)
		_, err = f.Write([]byte(text(t, kind, list)))
		ok(t, err)
	}
	ok(t, z.Close())
	return b.Bytes()
}

// publish puts w in place of what was published.
func (p publisher) publish(t fataler, w world, stamp string) {
	t.Helper()
	people := map[extract.Kind][]fields{extract.Activities: w.activities, extract.Skills: w.skills, extract.Diplomas: w.diplomas}
	p.Put(peoplePath, testsource.File{Name: "PS_LibreAcces_" + stamp + ".zip", Body: archived(t, stamp, people)})
	p.Put(boxesPath, testsource.File{Name: "Extraction_Correspondance_MSSante_" + stamp + ".zip", Body: archived(t, stamp, map[extract.Kind][]fields{extract.Mailboxes: w.boxes})})
}

// settings knows the publishers as presets ans, datagouv, and does not wait long.
func settings(publishers ...publisher) Settings {
	s := Settings{Presets: map[string]fetch.Source{}, Fetch: fetch.Options{First: time.Millisecond, RetryFor: 100 * time.Millisecond, Stall: 20 * time.Second}}
	for i, p := range publishers {
		s.Presets[[]string{"ans", "datagouv"}[i]] = fetch.Source{URLs: []string{p.URL + peoplePath, p.URL + boxesPath}}
	}
	return s
}

// serviceOf is a service whose own runs end with the test.
func serviceOf(t testing.TB, d *directory.Directory, s Settings) *Service {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	svc := NewService(ctx, d, s, slog.New(slog.DiscardHandler), nil)
	t.Cleanup(func() { cancel(); svc.Wait() })
	return svc
}

// witness reads a directory over and over until stop: an error, or people that are those of no day, fails the test.
type witness struct {
	stop func() (answers int)
}

// watching looks for one name among the given ones, and for the total that goes with it.
func watching(t *testing.T, d *directory.Directory, states ...string) *witness {
	t.Helper()
	known := map[string]bool{}
	for _, s := range states {
		known[s] = true
	}
	end, n := make(chan struct{}), 0
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			if got := glance(d); !known[got] {
				t.Errorf("a reader saw %q", got)
				return
			}
			n++
			select {
			case <-end:
				return
			default:
			}
		}
	})
	return &witness{func() int { close(end); wg.Wait(); return n }}
}

// glance is who a reader sees, in one answer. Records come in their old or their new form, whole; their order may still be the old one in
// the moment between the two (DESIGN 4: views follow).
func glance(d *directory.Directory) string {
	page, err := d.SearchProfessionals(context.Background(), annuaire.Query{Sort: annuaire.SortName})
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, it := range page.Items {
		names = append(names, it.Value.Family)
	}
	slices.Sort(names)
	return fmt.Sprint(page.Total, " ", names)
}

// added returns an archive with one member more.
func added(t fataler, raw []byte, name string, content []byte) []byte {
	t.Helper()
	old, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	ok(t, err)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range old.File {
		ok(t, z.Copy(f))
	}
	w, err := z.Create(name)
	ok(t, err)
	_, err = w.Write(content)
	ok(t, err)
	ok(t, z.Close())
	return b.Bytes()
}

func headOf(t fataler, d *directory.Directory) uint64 {
	t.Helper()
	seq, _, err := d.Ledger.Head()
	ok(t, err)
	return seq
}
