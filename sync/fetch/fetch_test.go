package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/testsource"
)

func TestVersions(t *testing.T) {
	t.Run("the same version is recognised without a download", func(t *testing.T) {
		w := newWorld(t)
		first, err := w.client.Probe(context.Background(), w.source)
		ok(t, err)
		again, err := w.client.Probe(context.Background(), w.source)
		ok(t, err)
		if !slices.Equal(Keys(first), Keys(again)) || w.Gets.Load() != 0 || w.Sent.Load() != 0 {
			t.Error(Keys(first), Keys(again), w.Gets.Load(), w.Sent.Load())
		}
		if at := first[0].Stamp.Format(time.RFC3339); at != "2026-11-21T04:12:00Z" || first[0].Length != int64(len(w.file.Body)) {
			t.Errorf("%+v", first[0])
		}
	})
	t.Run("a new version has another key", func(t *testing.T) {
		w := newWorld(t)
		first, err := w.client.Probe(context.Background(), w.source)
		ok(t, err)
		w.Put(psPath, testsource.File{Name: nextName, Body: w.file.Body})
		next, err := w.client.Probe(context.Background(), w.source)
		ok(t, err)
		if slices.Equal(Keys(first), Keys(next)) {
			t.Error(Keys(next))
		}
	})
	t.Run("a server without HEAD is asked for the file and left", func(t *testing.T) {
		w := newWorld(t)
		w.Always(http.MethodHead, psPath, testsource.Status(405))
		v, err := w.client.Probe(context.Background(), w.source)
		ok(t, err)
		if v[0].Name != psName {
			t.Errorf("%+v", v)
		}
	})
	t.Run("what is here already is not asked for again, by another process either", func(t *testing.T) {
		w := newWorld(t)
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, psName, w.file.Body)
		w.client = clientOf(t, w.client.o)
		gets := w.Gets.Load()
		again, err := w.get(t)
		ok(t, err)
		if w.Gets.Load() != gets {
			t.Error("asked again")
		}
		holds(t, again, psName, w.file.Body)
	})
	t.Run("the next version takes the place of the one before it", func(t *testing.T) {
		w := newWorld(t)
		_, err := w.get(t)
		ok(t, err)
		next := testsource.File{Name: nextName, Body: zipped(t, 2)}
		w.Put(psPath, next)
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, nextName, next.Body)
		left, err := os.ReadDir(set.Dir)
		ok(t, err)
		if len(left) != 2 {
			t.Error(left)
		}
	})
}

func TestTruncationAtEveryTenth(t *testing.T) {
	for tenth := range 10 {
		t.Run(fmt.Sprintf("cut after %d tenths, the rest is asked for", tenth), func(t *testing.T) {
			w := newWorld(t)
			cut := len(w.file.Body) * tenth / 10
			w.Play(http.MethodGet, psPath, testsource.Cut(max(cut, 1)))
			set, err := w.get(t)
			ok(t, err)
			holds(t, set, psName, w.file.Body)
			if sent := w.Sent.Load(); sent > int64(len(w.file.Body))+1<<16 {
				t.Errorf("%d bytes sent for %d", sent, len(w.file.Body))
			}
		})
		t.Run(fmt.Sprintf("cut after %d tenths each time, where parts are not served, it is given up", tenth), func(t *testing.T) {
			w := newWorld(t, func(o *Options) { o.RetryFor = 100 * time.Millisecond })
			cut := max(len(w.file.Body)*tenth/10, 1)
			w.Always(http.MethodGet, psPath, func(rw http.ResponseWriter, r *http.Request, f testsource.File) {
				r.Header.Del("Range")
				testsource.Cut(cut)(rw, r, f)
			})
			if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
				t.Error(err)
			}
		})
		t.Run(fmt.Sprintf("an archive published with %d tenths of it is refused", tenth), func(t *testing.T) {
			w := newWorld(t)
			w.Put(psPath, testsource.File{Name: psName, Body: w.file.Body[:len(w.file.Body)*tenth/10]})
			_, err := w.get(t)
			if annuaire.CodeOf(err) != annuaire.CodeInvalid {
				t.Error(err)
			}
			left, _ := filepath.Glob(filepath.Join(w.client.o.Dir, "from-ans", "*"))
			if len(left) > 0 {
				t.Error("kept:", left)
			}
		})
	}
}

func TestResume(t *testing.T) {
	t.Run("another process goes on where the first one ended", func(t *testing.T) {
		w := newWorld(t)
		w.Always(http.MethodGet, psPath, testsource.Cut(100_000))
		w.client.o.RetryFor = time.Nanosecond // one try
		if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Fatal(err)
		}
		w.Always(http.MethodGet, psPath, nil)
		before := w.Sent.Load()
		w.client = clientOf(t, w.client.o)
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, psName, w.file.Body)
		if sent := w.Sent.Load() - before; sent > int64(len(w.file.Body))-90_000 {
			t.Errorf("%d bytes asked for again", sent)
		}
	})
	t.Run("a part that was damaged meanwhile is downloaded again from the beginning", func(t *testing.T) {
		w := newWorld(t)
		w.Always(http.MethodGet, psPath, testsource.Cut(len(w.file.Body)-10))
		w.client.o.RetryFor = time.Nanosecond
		_, err := w.get(t)
		if err == nil {
			t.Fatal("it came")
		}
		path := filepath.Join(w.client.o.Dir, "from-ans", psName+".part")
		b, err := os.ReadFile(path)
		ok(t, err)
		ok(t, os.WriteFile(path, make([]byte, len(b)), 0o600)) // the table of contents is at the end, and half of it is in the part
		w.Always(http.MethodGet, psPath, nil)
		w.client.o.RetryFor = time.Minute
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, psName, w.file.Body)
	})
	t.Run("a version that changes during a resume is downloaded from the beginning", func(t *testing.T) {
		w := newWorld(t)
		next := testsource.File{Name: nextName, Body: zipped(t, 2)}
		w.Play(http.MethodGet, psPath, func(rw http.ResponseWriter, r *http.Request, f testsource.File) {
			w.Put(psPath, next)
			testsource.Cut(150_000)(rw, r, f)
		})
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, nextName, next.Body)
	})
	t.Run("the part of a version that is gone is removed, however the next one ends", func(t *testing.T) {
		w := newWorld(t, func(o *Options) { o.RetryFor = time.Nanosecond })
		w.Always(http.MethodGet, psPath, testsource.Cut(100_000))
		for _, name := range []string{psName, nextName} {
			w.Put(psPath, testsource.File{Name: name, Body: w.file.Body})
			if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
				t.Fatal(err)
			}
			left, err := filepath.Glob(filepath.Join(w.client.o.Dir, "from-ans", "*"))
			ok(t, err)
			if len(left) != 2 || !strings.HasPrefix(filepath.Base(left[0]), name) {
				t.Error(left)
			}
		}
	})
	t.Run("one that keeps changing is given up", func(t *testing.T) {
		w := newWorld(t)
		n := 0
		w.Always(http.MethodGet, psPath, func(rw http.ResponseWriter, r *http.Request, f testsource.File) {
			n++
			next := testsource.File{Name: fmt.Sprintf("PS_LibreAcces_20261122%04d.zip", n), Body: w.file.Body}
			w.Put(psPath, next)
			testsource.Serve(rw, r, next)
		})
		if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeUnavailable || n != mostChanges {
			t.Error(err, n)
		}
	})
	t.Run("without a strong validator it begins anew", func(t *testing.T) {
		w := newWorld(t)
		w.Put(psPath, testsource.File{Name: psName, Body: w.file.Body, NoETag: true})
		w.Play(http.MethodGet, psPath, testsource.Cut(100_000))
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, psName, w.file.Body)
		if w.Sent.Load() < int64(len(w.file.Body))+100_000 {
			t.Error("it went on without knowing of what")
		}
	})
}

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		spoil func(w *world)
		code  annuaire.Code // "" for success in the end
		says  string
		gets  int64 // at most
	}{
		{"a length that is not the one announced is refused", func(w *world) { w.Always("GET", psPath, testsource.Long(10)) }, annuaire.CodeInvalid, "bytes announced", 1},
		{"a shorter one too", func(w *world) { w.Always("GET", psPath, testsource.Short(200_000)) }, annuaire.CodeInvalid, "bytes announced, then 200000", 1},
		{"a slow loris is left, and given up", func(w *world) { w.Always("GET", psPath, testsource.Drip(5*time.Millisecond)) }, annuaire.CodeUnavailable, "too little", 10},
		{"a source that is silent is given up", func(w *world) { w.Always("HEAD", psPath, testsource.Silence()) }, annuaire.CodeUnavailable, "does not answer", 0},
		{"a slow loris that recovers is asked for the rest", func(w *world) { w.Play("GET", psPath, testsource.Drip(5*time.Millisecond)) }, "", "", 3},
		{"503 passes", func(w *world) { w.Play("GET", psPath, testsource.Status(503), testsource.Status(502)) }, "", "", 3},
		{"503 that stays is given up", func(w *world) { w.Always("HEAD", psPath, testsource.Status(503)) }, annuaire.CodeUnavailable, "HTTP 503", 0},
		{"404 is not asked again", func(w *world) { w.Always("HEAD", psPath, testsource.Status(404)) }, annuaire.CodeUnavailable, "HTTP 404", 0},
		{"403 in place of the file is not asked again", func(w *world) { w.Always("GET", psPath, testsource.Status(403)) }, annuaire.CodeUnavailable, "HTTP 403", 1},
		{"429 that asks for more time than there is is given up at once", func(w *world) {
			w.Always("HEAD", psPath, testsource.Status(429, "Retry-After", "3600"))
		}, annuaire.CodeUnavailable, "HTTP 429", 0},
		{"a redirect to a foreign host is refused", func(w *world) { w.Always("HEAD", psPath, testsource.Redirect("http://foreign.invalid/x.zip")) }, annuaire.CodeInvalid, "unknown host refused: foreign.invalid", 0},
		{"a redirect to a foreign host during the download is refused", func(w *world) { w.Always("GET", psPath, testsource.Redirect("http://foreign.invalid/x.zip")) }, annuaire.CodeInvalid, "unknown host", 1},
		{"redirects that go round are refused", func(w *world) { w.Always("HEAD", psPath, testsource.Redirect(psPath)) }, annuaire.CodeInvalid, "too many redirects", 0},
		{"a web page in place of the archive is refused", func(w *world) { w.Always("GET", psPath, testsource.Page(false)) }, annuaire.CodeInvalid, "a web page in place of", 1},
		{"a web page that says so is refused before the download", func(w *world) { w.Always("HEAD", psPath, testsource.Page(true)) }, annuaire.CodeInvalid, "a web page in place of", 0},
		{"a web page under the name of the archive is refused", func(w *world) {
			w.Put(psPath, testsource.File{Name: psName, Body: []byte("\n <HTML>bientôt</HTML>")})
		}, annuaire.CodeInvalid, "a web page in place of", 1},
		{"an empty file is refused", func(w *world) { w.Put(psPath, testsource.File{Name: psName}) }, annuaire.CodeInvalid, "empty", 1},
		{"a file larger than allowed is refused before the download", func(w *world) { w.client.o.MaxFile = 1000 }, annuaire.CodeInvalid, "larger than allowed (1000 bytes)", 0},
		{"a file larger than allowed that does not say so is left", func(w *world) {
			w.client.o.MaxFile = 100_000
			chunked := func(rw http.ResponseWriter, _ *http.Request, f testsource.File) {
				rw.Header().Set("Content-Disposition", "attachment; filename="+psName)
				_ = http.NewResponseController(rw).Flush()
				_, _ = rw.Write(f.Body)
			}
			w.Always("GET", psPath, chunked)
			w.Always("HEAD", psPath, testsource.Status(405))
		}, annuaire.CodeInvalid, "larger than allowed (100000 bytes)", 2},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t, func(o *Options) {
				if o.RetryFor = time.Second; strings.Contains(tt.rule, "slow") || strings.Contains(tt.rule, "silent") {
					o.Stall = 200 * time.Millisecond
				}
				if tt.code == "" { // it ends as soon as it can
					o.RetryFor = time.Minute
				}
			})
			tt.spoil(w)
			set, err := w.get(t)
			if tt.code == "" {
				ok(t, err)
				holds(t, set, psName, w.file.Body)
			} else if annuaire.CodeOf(err) != tt.code || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("%s: %v", annuaire.CodeOf(err), err)
			}
			if w.Gets.Load() > tt.gets {
				t.Errorf("%d downloads", w.Gets.Load())
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.RetryFor = 10 * time.Second })
	w.Play(http.MethodHead, psPath, testsource.Status(429, "Retry-After", "1"))
	start := time.Now()
	set, err := w.get(t)
	ok(t, err)
	holds(t, set, psName, w.file.Body)
	if took := time.Since(start); took < time.Second { // the wait is what is promised here, not speed
		t.Error("asked again after", took)
	}
	now := time.Date(2026, 11, 21, 4, 12, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{"120": 2 * time.Minute, "Sat, 21 Nov 2026 04:13:00 GMT": time.Minute, "Sat, 21 Nov 2026 04:11:00 GMT": 0,
		"-5": 0, "soon": 0, "": 0, "99999999": 7 * 24 * time.Hour} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestOurOwnDiskIsNotTheFaultOfTheSource(t *testing.T) {
	w := newWorld(t)
	ok(t, os.MkdirAll(filepath.Join(w.client.o.Dir, "from-ans", psName+".part", "x"), 0o700))
	if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeInternal || w.Gets.Load() != 0 {
		t.Error(err)
	}
}

func TestANameThatOnlyHeadSays(t *testing.T) {
	w := newWorld(t)
	w.Always(http.MethodGet, psPath, func(rw http.ResponseWriter, r *http.Request, f testsource.File) {
		f.Name = ""
		testsource.Serve(rw, r, f)
	})
	set, err := w.get(t)
	ok(t, err)
	holds(t, set, psName, w.file.Body)
}

func TestCancelled(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.RetryFor = time.Hour })
	ctx, cancel := context.WithCancel(context.Background())
	w.Always(http.MethodGet, psPath, func(rw http.ResponseWriter, r *http.Request, f testsource.File) {
		cancel()
		<-r.Context().Done()
	})
	v, err := w.client.Probe(ctx, w.source)
	ok(t, err)
	if _, err := w.client.Fetch(ctx, w.source, v); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
