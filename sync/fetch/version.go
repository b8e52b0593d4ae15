package fetch

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
)

// Version is what a source says, before any download, of the file at one of its addresses.
type Version struct {
	URL      string
	Final    string    // where the redirects led, without query
	Name     string    // of the file: from Content-Disposition, else the last part of Final
	Stamp    time.Time // UTC; of the name, else of a dated folder, else Last-Modified; zero when nothing says
	ETag     string
	Modified string // Last-Modified, as sent
	Length   int64  // bytes; -1 when not said
	SHA1     string // published beside the file, hexadecimal; "" when none is
}

// Key is equal for equal versions. It is kept with what was loaded.
func (v Version) Key() string {
	return fmt.Sprintf("%s %s %s %s %d", v.URL, v.place(), v.ETag, v.Modified, v.Length)
}

// place is what names the version: the dated folder of data.gouv.fr, or the dated name of the ANS.
func (v Version) place() string {
	if m := datedFolder.FindString(v.Final); m != "" {
		return m + v.Name
	}
	return v.Name
}

var (
	fileName    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$`)
	datedName   = regexp.MustCompile(`_(\d{12})\.\w+$`)
	datedFolder = regexp.MustCompile(`/\d{8}-\d{6}/`)
)

// versionOf reads the head of an answer to a request for raw.
func versionOf(raw string, res *http.Response) Version {
	v := Version{URL: raw, ETag: res.Header.Get("ETag"), Modified: res.Header.Get("Last-Modified"), Length: res.ContentLength}
	if u := res.Request.URL; u != nil {
		v.Final = (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	}
	if total, ok := totalOf(res); ok {
		v.Length = total
	}
	v.Name = nameOf(res.Header.Get("Content-Disposition"), v.Final)
	v.Stamp = v.stamp()
	return v
}

func nameOf(disposition, final string) string {
	if _, params, err := mime.ParseMediaType(disposition); err == nil {
		if name := params["filename"]; fileName.MatchString(name) {
			return name
		}
	}
	if name := path.Base(final); fileName.MatchString(name) {
		return name
	}
	return "extract"
}

func (v Version) stamp() time.Time {
	if m := datedName.FindStringSubmatch(v.Name); m != nil {
		if t, err := time.Parse("200601021504", m[1]); err == nil {
			return t
		}
	}
	if m := datedFolder.FindString(v.Final); m != "" {
		if t, err := time.Parse("20060102-150405", strings.Trim(m, "/")); err == nil {
			return t
		}
	}
	if t, err := http.ParseTime(v.Modified); err == nil {
		return t.UTC()
	}
	return time.Time{}
}

// totalOf returns the length of the whole that a part is of (RFC 9110, 14.4), and where the part begins is for the caller to check.
func totalOf(res *http.Response) (int64, bool) {
	var from, to, total int64
	if res.StatusCode != http.StatusPartialContent {
		return 0, false
	}
	n, err := fmt.Sscanf(res.Header.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &total)
	return total, err == nil && n == 3
}

// difference tells what became of a version between two answers.
type difference int

const (
	same    difference = iota
	changed            // another version is there now
	wrong              // the same one, with another length
)

// compare compares an answer with what was probed. A server may leave out on one answer what it said on another.
func (v Version) compare(now Version) difference {
	differs := func(a, b string) bool { return a != "" && b != "" && a != b }
	switch {
	case v.place() != now.place(), differs(v.ETag, now.ETag), differs(v.Modified, now.Modified):
		return changed
	case v.Length < 0 || now.Length < 0 || v.Length == now.Length:
		return same
	case v.ETag == "" && v.Modified == "" && !datedName.MatchString(v.Name) && !datedFolder.MatchString(v.Final):
		return changed // nothing else tells versions apart
	}
	return wrong
}

// validator is what a request for the rest of a file is bound to (If-Range, RFC 9110, 13.1.5: a strong one); "" when there is none.
func (v Version) validator() string {
	if v.ETag != "" && !strings.HasPrefix(v.ETag, "W/") {
		return v.ETag
	}
	return v.Modified
}
