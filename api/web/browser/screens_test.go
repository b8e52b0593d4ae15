package browser

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestScreens writes the pictures of docs/screens where TEST_SCREENS says to: `make screens`. Somebody looks at them before they are
// committed.
func TestScreens(t *testing.T) {
	dir := os.Getenv("TEST_SCREENS")
	if dir == "" {
		t.Skip("pictures are for make screens")
	}
	r := start(t)
	for _, s := range []struct {
		name          string
		width, height int64
		mode, path    string
		then          func(*tab)
	}{
		{"home", 1280, 800, "light", "/", nil},
		{"suggestions", 1280, 800, "light", "/", func(x *tab) { x.tabTo("#q"); x.types(aName); x.press(kb.ArrowDown) }},
		{"results", 1280, 900, "light", "/professionnels?q=infirmier&has_mailbox=true", nil},
		{"results-dark", 1280, 900, "dark", "/professionnels?q=m%C3%A9decin", nil},
		{"nothing", 1280, 800, "light", "/professionnels?q=martn+cardilogue&department=69", nil},
		{"person", 1280, 1100, "light", "", func(x *tab) { x.first("/professionnels?q=m%C3%A9decin&has_mailbox=true", ".card h2 a") }},
		{"structure", 1280, 1100, "light", "", func(x *tab) { x.first("/professionnels?q=infirmier&setting=hopital", ".card a.at") }},
		{"state", 1280, 1500, "light", "/etat", nil},
		{"telephone", 390, 800, "light", "/professionnels?q=m%C3%A9decin", nil},
		{"english", 1280, 900, "light", "/en/recherche?q=lyon&profession=m%C3%A9decin", nil},
	} {
		t.Run(s.name, func(t *testing.T) {
			x := r.open(t, s.width, s.height)
			x.colours(s.mode)
			if s.path != "" {
				x.visit(s.path)
			}
			if s.then != nil {
				s.then(x)
			}
			x.filtersCome()
			shot, err := chromedp.Run(x.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			small, err := smaller(shot)
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, s.name+".png"), small, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s: %d bytes, as taken %d", s.name, len(small), len(shot))
		})
	}
}

// first goes to the first link of a kind on a page.
func (x *tab) first(path, link string) {
	x.Helper()
	x.visit(path)
	x.do(chromedp.Click(chromedp.CSS(link)))
	x.leaves(path)
}

// smaller is a picture in 256 colours at most: its most frequent ones, the others the nearest of them. A page has few.
func smaller(shot []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	count := map[color.RGBA]int{}
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA) }
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			count[at(x, y)]++
		}
	}
	var colours []color.RGBA
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(p, q color.RGBA) int {
		return cmp.Or(cmp.Compare(count[q], count[p]), cmp.Compare(p.R, q.R), cmp.Compare(p.G, q.G), cmp.Compare(p.B, q.B))
	})
	var palette color.Palette
	for _, c := range colours[:min(256, len(colours))] {
		palette = append(palette, c)
	}
	index := map[color.RGBA]uint8{}
	for c := range count {
		index[c] = uint8(palette.Index(c))
	}
	out := image.NewPaletted(b, palette)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			out.SetColorIndex(x, y, index[at(x, y)])
		}
	}
	var buf bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&buf, out)
	return buf.Bytes(), err
}
