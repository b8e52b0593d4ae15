package api

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire/internal/obs"
)

// Defaults of Options.
const (
	DefaultBudget       = 10 * time.Second // for one request
	DefaultHealthBudget = 2 * time.Second  // for the search of /healthz
	maxBodyBytes        = 64 << 10         // of any request; today's routes read none
)

// Options are what a Server is made of.
type Options struct {
	Directory Directory    // required
	Health    *obs.Health  // what /readyz reports; nil: the Directory serves from the start
	Logger    *slog.Logger // nil: no log
	Training  bool         // a training instance says FORMATION wherever it speaks (DESIGN, 10)
	Version   string       // shown by /readyz

	Budget       time.Duration    // 0 is DefaultBudget
	HealthBudget time.Duration    // 0 is DefaultHealthBudget
	Now          func() time.Time // 0 is time.Now; only took_ms depends on it
}

// Server is the REST front, an http.Handler. It is safe for concurrent use and holds no state of its own.
type Server struct {
	opts Options
	dir  Directory
	log  *slog.Logger
	echo *echo.Echo
}

// New makes a Server and its routes.
func New(o Options) *Server {
	if o.Health == nil {
		o.Health = obs.NewHealth()
		o.Health.Register("search", true).Set(obs.StateReady, "")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Budget == 0 {
		o.Budget = DefaultBudget
	}
	if o.HealthBudget == 0 {
		o.HealthBudget = DefaultHealthBudget
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Server{opts: o, dir: o.Directory, log: slog.New(obs.WithContext(o.Logger.Handler())), echo: echo.New()}
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard) // slog is the only log
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.fail
	e.Use(s.identify, s.access, s.recovered, s.bounded)
	s.routes()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// routes lists every address. Authentication and rate limits will wrap the /v1 group; the health routes stay outside.
func (s *Server) routes() {
	v1 := s.echo.Group("/v1")
	people := newRoute("/v1/professionals", onProfessionals, keysOf(professionalDTO{}))
	s.get(v1, "/professionals", search(s, people, s.dir.SearchProfessionals, professional))
	s.get(v1, "/professionals/:id", s.oneProfessional(newRoute("/v1/professionals/{id}", onRecord, people.keys)))

	structures := newRoute("/v1/structures", onStructures, keysOf(structureDTO{}))
	s.get(v1, "/structures", search(s, structures, s.dir.SearchStructures, structure))
	s.get(v1, "/structures/:id", s.oneStructure(newRoute("/v1/structures/{id}", onRecord, structures.keys)))

	mailboxes := newRoute("/v1/mailboxes", onMailboxes, keysOf(mailboxDTO{}))
	s.get(v1, "/mailboxes", search(s, mailboxes, s.dir.SearchMailboxes, mailbox))
	s.get(v1, "/mailboxes/:address", s.oneMailbox(newRoute("/v1/mailboxes/{address}", onRecord, mailboxes.keys)))

	root := s.echo.Group("")
	s.get(root, "/healthz", s.healthz)
	s.get(root, "/readyz", s.readyz)
}

// get serves GET and HEAD.
func (s *Server) get(g *echo.Group, path string, h echo.HandlerFunc) {
	g.GET(path, h)
	g.HEAD(path, h)
}
