package api

import (
	"cmp"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/limits"
	"annuaire/internal/obs"
)

// Defaults of Options.
const (
	DefaultBudget       = 10 * time.Second // for one request
	DefaultHealthBudget = 2 * time.Second  // for the search of /healthz
	maxBodyBytes        = 256 << 10        // of any request: maxLookup addresses of 254 bytes (RFC 5321, 4.5.3.1.3) fit
)

// Options are what a Server is made of.
type Options struct {
	Directory Directory    // required
	Health    *obs.Health  // what /readyz reports; nil: the Directory serves from the start
	Logger    *slog.Logger // nil: no log
	Training  bool         // a training instance says FORMATION wherever it speaks (DESIGN, 10)
	Version   string       // shown by /readyz

	Registry      Registry      // nil: no mailbox can be registered
	Eligibilities Eligibilities // nil: nobody is told
	Answers       Answers       // nil: an Idempotency-Key is refused
	Personal      Personal      // nil: no delegations and no accounts

	Syncs     Syncs     // nil: nothing can be synced
	Audiences Audiences // nil: there are none
	Tokens    Tokens    // nil: nobody has a token

	Identities   Identities    // nil: no identity provider is believed
	Certificates Certificates  // nil: client certificates say nothing
	Keeper       TokenKeeper   // nil: tokens are not made over REST
	Audit        Audit         // nil: nothing is recorded
	Guard        *limits.Guard // slows who guesses secrets, with other fronts; nil: one of its own

	Limits  Limits          // of what clients may ask
	Limiter *limits.Limiter // counts them, with other fronts; nil: one of its own
	Proxies []*net.IPNet    // whose X-Forwarded-For is believed
	Origins []string        // of pages that may ask from a browser (CORS); "*" is any
	Plain   bool            // compress nothing
	Pages   bool            // serve the public page (web)

	Alerts      Alerts                                                 // nil: no alerts
	Runs        Runs                                                   // nil: no feed of runs
	Metrics     http.Handler                                           // what /metrics answers; nil: nothing
	Observe     func(operation string, status int, took time.Duration) // told of every request; nil: nobody
	Maintenance *annuaire.Maintenance                                  // to announce; nil: none

	Budget       time.Duration    // 0 is DefaultBudget
	HealthBudget time.Duration    // 0 is DefaultHealthBudget
	Now          func() time.Time // 0 is time.Now; only took_ms depends on it
}

// Server is the REST front, an http.Handler. It is safe for concurrent use.
type Server struct {
	opts Options
	dir  Directory
	log  *slog.Logger
	echo *echo.Echo

	may    permissions     // who may do what
	served map[string]bool // every operation there is
	shown  map[string]bool // routes that are no operation of the contract: pages and their parts, open to anyone
	pages  *pages          // nil: none

	limiter   *limits.Limiter
	guard     *limits.Guard
	exports   chan struct{} // one for each export under way
	followers chan struct{} // one for each client that follows the feed
	batches   chan struct{} // one for each batch under way
	stop      chan struct{}
	stopped   sync.Once
}

// Close ends the answers that have no end of their own.
func (s *Server) Close() { s.stopped.Do(func() { close(s.stop) }) }

// UnderWay tells how many clients follow the feed and how many exports run.
func (s *Server) UnderWay() (followers, exports int) { return len(s.followers), len(s.exports) }

// New makes a Server and its routes.
func New(o Options) *Server {
	if o.Health == nil {
		o.Health = obs.NewHealth()
		o.Health.Register("search", true).Set(obs.StateReady, "")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
	o.Budget, o.HealthBudget = cmp.Or(o.Budget, DefaultBudget), cmp.Or(o.HealthBudget, DefaultHealthBudget)
	o.Limits.Exports = cmp.Or(o.Limits.Exports, DefaultExports)
	s := &Server{opts: o, dir: o.Directory, log: slog.New(obs.WithContext(o.Logger.Handler())), echo: echo.New(), limiter: cmp.Or(o.Limiter, limits.New(o.Now)),
		exports: make(chan struct{}, o.Limits.Exports), followers: make(chan struct{}, maxFollowers), batches: make(chan struct{}, maxBatches), stop: make(chan struct{}), shown: map[string]bool{docsFiles: true}}
	s.guard = cmp.Or(o.Guard, limits.NewGuard(s.limiter, nil))
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard) // slog is the only log
	e.IPExtractor = extractor(o.Proxies)
	e.HTTPErrorHandler = s.fail
	e.Use(s.identify, s.announced, s.observed, s.access, s.recovered)
	if len(o.Origins) > 0 { // before what refuses: a page is to read why it was refused
		e.Use(crossOrigin(o.Origins))
	}
	e.Use(s.measured, apart(s.authenticated), apart(s.limited), s.authorized, apart(s.compressed()))
	s.routes()
	s.permit()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// routes lists every address. What has no end of its own, or a long one, is bounded by each write and not by the time it takes in all.
func (s *Server) routes() {
	v1 := s.echo.Group("/v1")
	people := newRoute("/v1/professionals", onProfessionals, keysOf(professionalDTO{}))
	structures := newRoute("/v1/structures", onStructures, keysOf(structureDTO{}))
	mailboxes := newRoute("/v1/mailboxes", onMailboxes, keysOf(mailboxDTO{}))
	s.get(v1, "/professionals", people.to(search(s, s.dir.SearchProfessionals, professional)))
	s.get(v1, "/structures", structures.to(search(s, s.dir.SearchStructures, structure)))
	s.get(v1, "/mailboxes", mailboxes.to(search(s, s.dir.SearchMailboxes, mailbox)))
	s.get(v1, "/professionals/:id", newRoute("/v1/professionals/{id}", onRecord, people.keys).to(s.oneProfessional))
	s.get(v1, "/structures/:id", newRoute("/v1/structures/{id}", onRecord, structures.keys).to(s.oneStructure))
	s.get(v1, "/mailboxes/:address", newRoute("/v1/mailboxes/{address}", onRecord, mailboxes.keys).to(s.oneMailbox))

	s.get(v1, "/suggest", newRoute("/v1/suggest", onSuggest, nil).to(s.suggest))
	v1.POST("/professionals/lookup", newRoute("/v1/professionals/lookup", onRecord, people.keys).to(s.lookupMany), s.bounded)
	v1.POST("/professionals/verify", s.verify, s.bounded)
	v1.POST("/mailboxes/published", s.published, s.bounded)
	s.get(v1, "/professionals/:id/history", newRoute("/v1/professionals/{id}/history", onHistory, nil).to(s.history))
	v1.GET("/changes", newRoute("/v1/changes", onChanges, nil).to(s.changes))

	v1.GET("/export/professionals", newRoute("/v1/export/professionals", onProfessionals|onExport, people.keys).to(
		export(s, s.dir.SearchProfessionals, s.dir.ExportProfessionals, professional, professionalColumns)))
	v1.GET("/export/structures", newRoute("/v1/export/structures", onStructures|onExport, structures.keys).to(
		export(s, s.dir.SearchStructures, s.dir.ExportStructures, structure, structureColumns)))
	v1.GET("/export/mailboxes", newRoute("/v1/export/mailboxes", onMailboxes|onExport, mailboxes.keys).to(
		export(s, s.dir.SearchMailboxes, s.dir.ExportMailboxes, mailbox, mailboxColumns)))

	s.mailboxRoutes(v1)
	s.personalRoutes(v1)
	s.syncRoutes(v1)
	s.alertRoutes(v1)
	s.audienceRoutes(v1)
	s.tokenRoutes(v1)
	v1.GET("/audit", s.audit)
	s.get(v1, "/sync/runs.atom", s.atom)

	root := s.echo.Group("")
	s.get(root, "/metrics", s.metrics)
	s.get(root, "/healthz", s.healthz)
	s.get(root, "/readyz", s.readyz)
	s.get(root, "/openapi.yaml", s.openapi)
	s.get(root, "/docs", s.docs())
	s.get(root, "/docs/*", s.docs())
	s.pageRoutes(root, people.keys, structures.keys)
}

// get serves GET and HEAD.
func (s *Server) get(g *echo.Group, path string, h echo.HandlerFunc, more ...echo.MiddlewareFunc) {
	g.GET(path, h, append([]echo.MiddlewareFunc{s.bounded}, more...)...)
	g.HEAD(path, h, append([]echo.MiddlewareFunc{s.bounded}, more...)...)
}
