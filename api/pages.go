package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire/api/web"
)

// pages is the public page: package web shows what the handlers here ask, through the parameters and the Directory of REST.
type pages struct {
	site       *web.Site
	people     *route
	structures *route
	suggest    *route
	at         map[string]bool // the patterns of the routes, to answer errors there as pages
	state      stateCache
}

// pageRoutes serves the pages in both languages, where they are wanted.
func (s *Server) pageRoutes(root *echo.Group, people, structures []string) {
	if !s.opts.Pages {
		return
	}
	p := &pages{site: web.New(), at: map[string]bool{},
		people: newRoute(web.PathPeople, onProfessionals, people), structures: newRoute(web.PathStructures, onStructures, structures),
		suggest: newRoute(web.PathSuggest, onSuggest, nil), state: stateCache{counting: make(chan struct{}, 1)}}
	s.pages = p
	for path, h := range map[string]func(echo.Context, web.View) error{
		web.PathHome: s.homePage, web.PathCriteria: s.criteriaPage, web.PathPeople: s.peoplePage, web.PathPerson: s.personPage,
		web.PathCard: s.cardFile, web.PathFilters: s.filtersPage, web.PathStructures: s.structuresPage, web.PathStructure: s.structurePage, web.PathSuggest: s.suggestPart,
		web.PathState: s.statePage, web.PathNotice: s.words(p.site.Notice), web.PathAccess: s.words(p.site.Access), web.PathTerms: s.words(p.site.Terms),
	} {
		for _, at := range []string{path, web.English(path)} {
			p.at[at], s.shown[at] = true, true
			s.get(root, at, s.page(h))
		}
	}
	s.shown[web.AssetPath], s.shown[robotsPath] = true, true
	s.get(root, web.AssetPath, s.asset)
	s.get(root, robotsPath, func(c echo.Context) error {
		return send(c, http.StatusOK, echo.MIMETextPlainCharsetUTF8, []byte(web.Robots))
	})
}

const robotsPath = "/robots.txt"

// page gives a handler its view.
func (s *Server) page(h func(echo.Context, web.View) error) echo.HandlerFunc {
	return func(c echo.Context) error { return h(c, s.view(c)) }
}

// view is how to speak to whoever asks for a page. The age of the data is in the footer, where it is known.
func (s *Server) view(c echo.Context) web.View {
	r := c.Request()
	v := web.View{English: web.IsEnglish(r.URL.Path), Training: s.opts.Training, Path: web.PathHome}
	if s.pages.at[c.Path()] { // of any other path nothing is repeated: "//elsewhere" would be a link to somewhere else
		v.Path = r.URL.EscapedPath()
		if v.English {
			v.Path = strings.TrimPrefix(v.Path, web.Prefix)
		}
		if v.Path == "" {
			v.Path = web.PathHome
		}
		if r.URL.RawQuery != "" {
			v.Path += "?" + r.URL.RawQuery
		}
	}
	v.AsOf, _ = s.dir.AsOf(r.Context()) // nothing loaded, or no time left: the page says so itself
	return v
}

// sendPage answers with a page, which is nobody's to keep: what is withdrawn disappears at once.
func sendPage(c echo.Context, v web.View, status int, body []byte, err error) error {
	if err != nil {
		return err
	}
	pageHeaders(c, v)
	return send(c, status, echo.MIMETextHTMLCharsetUTF8, body)
}

func pageHeaders(c echo.Context, v web.View) {
	h := c.Response().Header()
	for _, x := range web.Headers {
		h.Set(x[0], x[1])
	}
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("Content-Language", v.Lang())
	if strings.Contains(c.Path(), web.PathPeople) || strings.Contains(c.Path(), web.PathStructures) || strings.HasSuffix(c.Path(), web.PathFilters) {
		h.Set("X-Robots-Tag", "noindex")
	}
}

// asset answers a file of the pages, which never changes at its address.
func (s *Server) asset(c echo.Context) error {
	a, ok := s.pages.site.Asset(c.Param("version"), c.Param("name"))
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	return send(c, http.StatusOK, a.MIME, a.Body)
}

func (s *Server) words(make func(web.View) ([]byte, error)) func(echo.Context, web.View) error {
	return func(c echo.Context, v web.View) error {
		body, err := make(v)
		return sendPage(c, v, http.StatusOK, body, err)
	}
}
