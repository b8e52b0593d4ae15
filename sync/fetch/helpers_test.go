package fetch

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"annuaire/internal/testsource"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const psPath, psName, nextName = "/PS_LibreAcces", "PS_LibreAcces_202611210412.zip", "PS_LibreAcces_202611220412.zip"

// zipped is an archive of some size with one member of random text, which does not compress.
func zipped(t testing.TB, seed uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("PS_LibreAcces_Personne_activite_202611210412.txt")
	ok(t, err)
	rnd := rand.New(rand.NewPCG(seed, 0))
	text := make([]byte, 300_000)
	for i := range text {
		text[i] = byte(rnd.Uint32())
	}
	_, err = w.Write(text)
	ok(t, err)
	ok(t, z.Close())
	return b.Bytes()
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// world is a server with one archive, and a client of it that does not wait long.
type world struct {
	*testsource.Server
	client *Client
	source Source
	file   testsource.File
}

func newWorld(t testing.TB, change ...func(*Options)) *world {
	t.Helper()
	w := &world{Server: testsource.New(false), file: testsource.File{Name: psName, Body: zipped(t, 1)}}
	t.Cleanup(w.Close)
	w.Put(psPath, w.file)
	w.source = Source{Name: "ans", URLs: []string{w.URL + psPath}}
	o := Options{Dir: t.TempDir(), First: time.Millisecond, RetryFor: 300 * time.Millisecond, Stall: 20 * time.Second}
	for _, c := range change {
		c(&o)
	}
	w.client = clientOf(t, o)
	return w
}

func clientOf(t testing.TB, o Options) *Client {
	t.Helper()
	c, err := New(o)
	ok(t, err)
	t.Cleanup(c.Close)
	return c
}

// get probes and fetches.
func (w *world) get(t testing.TB) (Set, error) {
	t.Helper()
	versions, err := w.client.Probe(context.Background(), w.source)
	if err != nil {
		return Set{}, err
	}
	return w.client.Fetch(context.Background(), w.source, versions)
}

// holds fails unless set is exactly one file with this content.
func holds(t testing.TB, set Set, name string, body []byte) {
	t.Helper()
	if len(set.Files) != 1 || set.Files[0].Name != name {
		t.Fatalf("%+v", set.Files)
	}
	got, err := os.ReadFile(set.Files[0].Path)
	ok(t, err)
	sum := sha256.Sum256(body)
	if !bytes.Equal(got, body) || set.Files[0].SHA256 != hex.EncodeToString(sum[:]) || set.Files[0].Size != int64(len(body)) {
		t.Fatalf("%d bytes, want %d; %+v", len(got), len(body), set.Files[0])
	}
}
