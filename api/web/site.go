package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

//go:embed all:templates
var templateFiles embed.FS

// AssetPath is where the files of the page are, as the router of the front writes it.
const AssetPath = "/assets/:version/:name"

// Asset is a file of the page.
type Asset struct {
	MIME string
	Body []byte
}

// Site makes pages. It is safe for concurrent use.
type Site struct {
	pages   map[string]*template.Template
	assets  map[string]Asset
	version string // of all assets together: their addresses change with it, so that they can be kept for ever
}

var mimes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// New makes a Site of the embedded files.
func New() *Site {
	s := &Site{pages: map[string]*template.Template{}, assets: map[string]Asset{}}
	sum := sha256.New()
	for _, name := range filesOf(assetFiles, "assets") {
		mime := mimes[path.Ext(name)]
		if mime == "" { // a licence
			continue
		}
		body := must(assetFiles.ReadFile("assets/" + name))
		sum.Write(body)
		s.assets[name] = Asset{mime, body}
	}
	s.version = hex.EncodeToString(sum.Sum(nil)[:6])
	shared := template.Must(template.New("").Funcs(functions).ParseFS(templateFiles, "templates/_*.tmpl"))
	for _, name := range filesOf(templateFiles, "templates") {
		if strings.HasPrefix(name, "_") {
			continue
		}
		t := template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, "templates/"+name))
		s.pages[strings.TrimSuffix(name, ".tmpl")] = t
	}
	return s
}

// must panics where the embedded files are not what they were built from.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func filesOf(f fs.FS, dir string) (names []string) {
	for _, e := range must(fs.ReadDir(f, dir)) {
		names = append(names, e.Name())
	}
	return names
}

// Asset returns a file of the page; ok is false for one that does not exist, or no longer in this version.
func (s *Site) Asset(version, name string) (a Asset, ok bool) {
	if version != s.version {
		return a, false
	}
	a, ok = s.assets[name]
	return a, ok
}

func (s *Site) assetURL(name string) string { return "/assets/" + s.version + "/" + name }

// shown is what a template gets: the view, and what the page is about.
type shown struct {
	View
	Of any
}

// render makes a page.
func (s *Site) render(v View, name, title string, of any) ([]byte, error) {
	v.Title = title
	return s.execute(v, name, "layout", of)
}

// fragment makes a part of a page of results, by the name of its template.
func (s *Site) fragment(v View, name string, of any) ([]byte, error) {
	return s.execute(v, "results", name, of)
}

// execute runs a template of a page. One that fails is a mistake of ours: half a page is never sent.
func (s *Site) execute(v View, page, name string, of any) ([]byte, error) {
	v.site = s
	var b bytes.Buffer
	if err := s.pages[page].ExecuteTemplate(&b, name, shown{v, of}); err != nil {
		return nil, fmt.Errorf("page %s, %s: %w", page, name, err)
	}
	return b.Bytes(), nil
}
