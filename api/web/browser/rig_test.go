package browser

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long anything may take that a test waits for, on a busy machine.
const patience = 60 * time.Second

// rig is the program with made-up people, and a browser.
type rig struct {
	url       string
	downloads string
	allocator context.Context
}

// theRig starts both for all tests of the run: loading data and starting a browser take seconds.
var theRig = struct {
	once sync.Once
	rig  *rig
	skip string
	stop []func()
}{}

func TestMain(m *testing.M) {
	code := m.Run()
	for i := len(theRig.stop) - 1; i >= 0; i-- {
		theRig.stop[i]()
	}
	os.Exit(code)
}

func start(t *testing.T) *rig {
	t.Helper()
	if os.Getenv("TEST_WEB") == "" {
		t.Skip("a real browser is for make test-web")
	}
	theRig.once.Do(func() {
		browser := ""
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
			if path, err := exec.LookPath(name); err == nil {
				browser = path
				break
			}
		}
		if browser == "" {
			theRig.skip = "no Chromium here: apt-get install chromium"
			return
		}
		dir, err := os.MkdirTemp("", "annuaire-web-")
		if err != nil {
			t.Fatal(err)
		}
		theRig.stop = append(theRig.stop, func() { _ = os.RemoveAll(dir) })
		r := &rig{downloads: filepath.Join(dir, "downloads")}
		r.url = "http://" + serve(t, dir)
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.UserDataDir(filepath.Join(dir, "profile")),
			chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("disable-back-forward-cache", true)) // the driver loses a page that comes out of it
		ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
		theRig.stop = append(theRig.stop, cancel)
		first, end := chromedp.NewContext(ctx)
		theRig.stop = append(theRig.stop, end)
		if err := chromedp.Do(first); err != nil {
			t.Fatal("the browser does not start: ", err)
		}
		r.allocator = first
		theRig.rig = r
	})
	if theRig.skip != "" {
		t.Skip(theRig.skip)
	}
	if theRig.rig == nil {
		t.Fatal("it did not start before")
	}
	return theRig.rig
}

// serve makes 3 000 people, imports three days of them and serves them in training.
func serve(t *testing.T, dir string) (address string) {
	t.Helper()
	bin := os.Getenv("TEST_BINARY")
	if bin == "" {
		bin = filepath.Join(dir, "annuaire")
		do(t, "go", "build", "-o", bin, "../../../cmd/annuaire")
	}
	data := filepath.Join(dir, "data")
	for day := range 4 {
		out := filepath.Join(dir, fmt.Sprint("day", day))
		do(t, bin, "fixtures", "--people", "3000", "--seed", "7", "--day", fmt.Sprint(day*2), "--out", out)
		do(t, bin, "sync", "--data", data, "--from", out, "--yes")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = ln.Addr().String()
	_ = ln.Close() // the program listens there next
	c := exec.Command(bin, "serve", "--data", data, "--http", address)
	c.Env = append(os.Environ(), "ANNUAIRE_MODE=training", "ANNUAIRE_LOG_LEVEL=error", "ANNUAIRE_LIMITS_ANONYMOUS_RPS=0", "ANNUAIRE_LIMITS_ANONYMOUS_PEOPLE_PER_HOUR=0")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	theRig.stop = append(theRig.stop, func() { _ = c.Process.Kill(); _ = c.Wait() })
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if r, err := http.Get("http://" + address + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return address
			}
		}
		if time.Now().After(end) {
			t.Fatal("the program does not answer")
		}
	}
}

func do(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// tab is a page open in the browser.
type tab struct {
	*testing.T
	rig *rig
	ctx context.Context
}

// open opens a tab of a window of this size. Whatever it asks of another host, and any script error or breach of the policy, fails the test.
func (r *rig) open(t *testing.T, width, height int64, steps ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(r.allocator, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, end := context.WithTimeout(ctx, 10*patience)
	t.Cleanup(end)
	var mu sync.Mutex
	var faults []string
	err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, r.url+"/") && !strings.HasPrefix(e.Request.URL, "about:") {
				faults = append(faults, "asked of elsewhere: "+e.Request.URL)
			}
		case *runtime.EventExceptionThrown:
			faults = append(faults, "script: "+e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork { // 404 and 410 are errors of the network
				faults = append(faults, e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, f := range faults {
			t.Error(f)
		}
	})
	x := &tab{t, r, ctx}
	call(x, network.Enable, network.EnableParams{})
	call(x, log.Enable, cdp.Empty{})
	call(x, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600})
	_, err = chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow,
		DownloadPath: r.downloads, BrowserContextID: chromedp.FromContext(ctx).BrowserContextID})
	if err != nil {
		t.Fatal(err)
	}
	x.do(steps...)
	return x
}

func (x *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	x.Helper()
	if err := chromedp.Do(x.ctx, steps...); err != nil {
		x.Fatal(err)
	}
}

// call sends a command of the protocol to the tab.
func call[P, R any](x *tab, cmd cdp.Command[P, R], params P) {
	x.Helper()
	if _, err := chromedp.Call(x.ctx, cmd, params); err != nil {
		x.Fatal(err)
	}
}

// visit goes to a page.
func (x *tab) visit(path string) {
	x.Helper()
	x.do(chromedp.Navigate(x.rig.url + path))
}

// eval returns what an expression gives, once a promise is kept.
func eval[T any](x *tab, expr string) T {
	x.Helper()
	out, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expr, chromedp.EvalAwaitPromise, func(p *runtime.EvaluateParams) { p.UserGesture = new(true) }))
	if err != nil {
		x.Fatalf("%s: %v", expr, err)
	}
	return out
}

// until waits until an expression is true.
func (x *tab) until(expr string) {
	x.Helper()
	if _, err := chromedp.Run(x.ctx, chromedp.Poll[bool]("!!("+expr+")", chromedp.WithPollingTimeout(patience))); err != nil {
		x.Fatalf("%s: %v; at %s", expr, err, x.at())
	}
}

// at is the address of the page, without the host.
func (x *tab) at() string {
	u, _ := chromedp.Run(x.ctx, chromedp.Location()) // "" while it changes
	return strings.TrimPrefix(u, x.rig.url)
}

// leaves waits until the page is another one than path, and loaded.
func (x *tab) leaves(path string) {
	x.Helper()
	for end := time.Now().Add(patience); x.at() == path; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			x.Fatalf("still at %s", path)
		}
	}
	x.do(chromedp.WaitReady(chromedp.CSS("footer")))
}

// back goes back as a person does, and waits for the page to be there.
func (x *tab) back() {
	x.Helper()
	before := x.at()
	eval[chromedp.Void](x, "void setTimeout(() => history.back(), 0)")
	x.leaves(before)
}

// types types a text into the box of the search and waits for its suggestions: those of its beginning may come first.
func (x *tab) types(text string) {
	x.Helper()
	x.do(chromedp.KeyEvent(text))
	x.until(fmt.Sprintf(`performance.getEntriesByType("resource").some((e) => e.name.endsWith("/suggestions?q=%s") && e.responseEnd > 0)`, text))
	x.until(`document.querySelectorAll("#suggestions [role=option]").length > 1 && !document.getElementById("suggestions").hidden`)
	eval[bool](x, `new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))`)
}

// press types keys where the focus is.
func (x *tab) press(keys ...string) {
	x.Helper()
	for _, k := range keys {
		x.do(chromedp.KeyEvent(k))
	}
}

// tabTo presses Tab until an element has the focus.
func (x *tab) tabTo(selector string) {
	x.Helper()
	for range 60 {
		if eval[bool](x, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		x.press("\t")
	}
	x.Fatalf("Tab never comes to %s", selector)
}
