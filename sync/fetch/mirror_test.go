package fetch

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/testsource"
)

// mirror is data.gouv.fr: stable addresses that lead to dated folders, with a description of them.
func mirror(t *testing.T, w *world, folder string, sum func(body []byte) map[string]any) {
	t.Helper()
	w.source = Source{Name: "datagouv", Metadata: []string{w.URL + "/api/1/datasets/rpps/"}}
	var resources []map[string]any
	for i, name := range []string{"ps-libreacces-personne-activite.txt", "extraction-correspondance-mssante.txt"} {
		body := []byte(strings.Repeat("Identifiant|Nom\n", 100+i))
		id := fmt.Sprintf("id-%d", i)
		path := "/resources/rpps/" + folder + "/" + name
		w.Put(path, testsource.File{Body: body, NoETag: true})
		w.Always("GET", "/api/1/datasets/r/"+id, testsource.Redirect(w.URL+path))
		w.Always("HEAD", "/api/1/datasets/r/"+id, testsource.Redirect(w.URL+path))
		w.source.URLs = append(w.source.URLs, w.URL+"/api/1/datasets/r/"+id)
		r := map[string]any{"id": id, "url": w.URL + path}
		for k, v := range sum(body) {
			r[k] = v
		}
		resources = append(resources, r)
	}
	b, err := json.Marshal(map[string]any{"resources": resources})
	ok(t, err)
	w.Put("/api/1/datasets/rpps/", testsource.File{Body: b, Type: "application/json"})
}

func sha1Of(body []byte) string {
	sum := sha1.Sum(body)
	return hex.EncodeToString(sum[:])
}

func TestMirror(t *testing.T) {
	deposit := func(sum string) map[string]any {
		return map[string]any{"checksum": map[string]any{"type": "sha1", "value": sum}}
	}
	for _, tt := range []struct {
		rule string
		sum  func(body []byte) map[string]any
		says string // "" for success
		kept int    // checksums that were used
	}{
		{"the checksum of the deposit is verified", func(b []byte) map[string]any { return deposit(strings.ToUpper(sha1Of(b))) }, "", 2},
		{"a file that differs from it is refused", func(b []byte) map[string]any { return deposit(sha1Of([]byte("x"))) }, "checksum is not the one", 2},
		{"the checksum of the analysis is verified", func(b []byte) map[string]any {
			return map[string]any{"extras": map[string]any{"analysis:checksum": sha1Of(b), "analysis:content-length": len(b)}}
		}, "", 2},
		{"one that differs from it is refused", func(b []byte) map[string]any {
			return map[string]any{"extras": map[string]any{"analysis:checksum": sha1Of([]byte("x")), "analysis:content-length": len(b)}}
		}, "checksum is not the one", 2},
		{"an analysis of another length lags behind, and says nothing", func(b []byte) map[string]any {
			return map[string]any{"extras": map[string]any{"analysis:checksum": sha1Of([]byte("x")), "analysis:content-length": 1}}
		}, "", 0},
		{"a description of another address lags behind, and says nothing", func(b []byte) map[string]any {
			m := deposit(sha1Of([]byte("x")))
			m["url"] = "https://static.data.gouv.fr/yesterday"
			return m
		}, "", 0},
		{"a checksum of another kind says nothing", func(b []byte) map[string]any {
			return map[string]any{"checksum": map[string]any{"type": "md5", "value": "x"}}
		}, "", 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := newWorld(t)
			mirror(t, w, "20261121-031500", tt.sum)
			versions, err := w.client.Probe(context.Background(), w.source)
			ok(t, err)
			set, err := w.client.Fetch(context.Background(), w.source, versions)
			if tt.says != "" {
				if annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), tt.says) {
					t.Fatal(err)
				}
				return
			}
			ok(t, err)
			sums := 0
			for _, f := range set.Files {
				if f.SHA1 != "" {
					sums++
				}
			}
			st, err := os.Stat(set.Files[0].Path)
			ok(t, err)
			if sums != tt.kept || filepath.Base(set.Files[0].Path) != "ps-libreacces-personne-activite.txt" ||
				!st.ModTime().Equal(time.Date(2026, 11, 21, 3, 15, 0, 0, time.UTC)) {
				t.Errorf("%d checksums, %v, of %s", sums, set.Files, st.ModTime())
			}
		})
	}
	t.Run("without its description the files are taken all the same", func(t *testing.T) {
		w := newWorld(t)
		mirror(t, w, "20261121-031500", func([]byte) map[string]any { return nil })
		w.Always("GET", "/api/1/datasets/rpps/", testsource.Status(500))
		set, err := w.get(t)
		ok(t, err)
		if len(set.Files) != 2 {
			t.Error(set)
		}
	})
	t.Run("a dated address that ends during the download leads to the next version", func(t *testing.T) {
		w := newWorld(t)
		mirror(t, w, "20261121-031500", func([]byte) map[string]any { return nil })
		old := "/resources/rpps/20261121-031500/ps-libreacces-personne-activite.txt"
		w.Play("GET", old, func(rw http.ResponseWriter, r *http.Request, f testsource.File) {
			was := w.source.Metadata
			mirror(t, w, "20261122-031500", func([]byte) map[string]any { return nil })
			w.source.Metadata = was
			http.NotFound(rw, r)
		})
		set, err := w.get(t)
		ok(t, err)
		if set.Files[0].Stamp.Day() != 22 {
			t.Errorf("%+v", set.Files[0])
		}
	})
	t.Run("files of two days are a publication under way", func(t *testing.T) {
		stamp := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
		set := func(a, b time.Time) error {
			return oneSet(Source{Name: "datagouv"}, []Version{{Name: "ps-libreacces-personne-activite.txt", Stamp: a}, {Name: "ps-libreacces-savoirfaire.txt", Stamp: b},
				{Name: "extraction-correspondance-mssante.txt", Stamp: stamp(1, 0)}, {Name: "ps-libreacces-dipl-autexerc.txt"}})
		}
		if err := set(stamp(21, 3), stamp(20, 3)); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
		if err := set(stamp(21, 3), stamp(21, 5)); err != nil {
			t.Error(err)
		}
	})
}

func TestTLS(t *testing.T) {
	secure := func(t *testing.T, change func(o *Options, ca string)) (*world, error) {
		w := &world{Server: testsource.New(true), file: testsource.File{Name: psName, Body: zipped(t, 1)}}
		t.Cleanup(w.Close)
		w.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
		w.Put(psPath, w.file)
		w.source = Source{Name: "ans", URLs: []string{w.URL + psPath}}
		ca := filepath.Join(t.TempDir(), "ca.pem")
		ok(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.Certificate().Raw}), 0o600))
		o := Options{Dir: t.TempDir(), First: time.Millisecond, RetryFor: 200 * time.Millisecond, Stall: time.Second}
		change(&o, ca)
		var err error
		w.client, err = New(o)
		if err == nil {
			t.Cleanup(w.client.Close)
		}
		return w, err
	}
	t.Run("a certificate of a private authority is refused", func(t *testing.T) {
		w, err := secure(t, func(*Options, string) {})
		ok(t, err)
		if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeUnavailable || !strings.Contains(err.Error(), "ca_file") {
			t.Error(err)
		}
	})
	t.Run("unless its authority is in the file of ours", func(t *testing.T) {
		w, err := secure(t, func(o *Options, ca string) { o.CAFile = ca })
		ok(t, err)
		set, err := w.get(t)
		ok(t, err)
		holds(t, set, psName, w.file.Body)
	})
	t.Run("a redirect from HTTPS to HTTP is refused", func(t *testing.T) {
		plain := testsource.New(false)
		t.Cleanup(plain.Close)
		plain.Put(psPath, testsource.File{Name: psName, Body: []byte("x")})
		w, err := secure(t, func(o *Options, ca string) { o.CAFile, o.Hosts = ca, []string{"127.0.0.1"} })
		ok(t, err)
		w.Always("HEAD", psPath, testsource.Redirect(plain.URL+psPath))
		if _, err := w.get(t); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "HTTPS to HTTP") {
			t.Error(err)
		}
	})
	for rule, change := range map[string]func(o *Options, ca string){
		"a file of authorities that is missing": func(o *Options, ca string) { o.CAFile = ca + "x" },
		"a file without a certificate":          func(o *Options, ca string) { o.CAFile = "mirror_test.go" },
	} {
		t.Run(rule+" is refused by name", func(t *testing.T) {
			if _, err := secure(t, change); annuaire.CodeOf(err) != annuaire.CodeInvalid || !strings.Contains(err.Error(), "sync.ca_file") {
				t.Error(err)
			}
		})
	}
}

func TestSources(t *testing.T) {
	for raw, fine := range map[string]bool{"https://x.fr/a": true, "http://127.0.0.1:8/a": true, "ftp://x.fr/a": false, "https:///a": false, "https://u:p@x.fr/a": false,
		"://": false, "": false, "https://x.fr/" + strings.Repeat("a", maxURLSize): false} {
		if err := (Source{Name: "x", URLs: []string{raw}}).Validate(); (err == nil) != fine || err != nil && annuaire.CodeOf(err) != annuaire.CodeInvalid {
			t.Errorf("%.40q: %v", raw, err)
		}
	}
	if (Source{Name: "x"}).Validate() == nil || (Source{Name: "x", URLs: make([]string, maxURLs+1)}).Validate() == nil {
		t.Error("any number of addresses")
	}
}

// FuzzNames: whatever a source calls a file, it lands under a harmless name.
func FuzzNames(f *testing.F) {
	f.Add("attachment; filename=PS_LibreAcces_202611210412.zip", "/x/y")
	f.Add(`attachment; filename="../../etc/passwd"`, "/a/..")
	f.Add("attachment; filename*=UTF-8''%2e%2e%2fx", "/.hidden")
	f.Fuzz(func(t *testing.T, disposition, path string) {
		name, _ := nameOf(disposition, "https://x.fr"+path)
		if !fileName.MatchString(name) || strings.HasPrefix(name, ".") || filepath.Base(name) != name {
			t.Errorf("%q", name)
		}
		_ = Version{Name: name, Final: path, Modified: disposition}.stamp()
	})
}
