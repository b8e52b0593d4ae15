package api

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
	"github.com/samber/lo"
	"go.yaml.in/yaml/v4"

	"annuaire"
)

// anyone in x-roles opens an operation to whoever asks.
const anyone annuaire.Role = "anyone"

// docsFiles is the route of what the page of the contract is made of.
const docsFiles = "/docs/*"

// permissions says who may do what: "GET /v1/changes" -> the roles of which a caller needs one.
type permissions map[string][]annuaire.Role

// stated reads x-roles of every operation of the contract: it is the one table of who may do what, for people and for the server. An
// operation without it is in the table with no role: nobody may.
var stated = sync.OnceValues(func() (permissions, error) { return statedIn(contract) })

func statedIn(text []byte) (permissions, error) {
	var doc struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	out := permissions{}
	for path, item := range doc.Paths {
		for method, node := range item {
			if method = strings.ToUpper(method); !slices.Contains(methods, method) { // parameters, summary
				continue
			}
			var op struct {
				Roles []annuaire.Role `yaml:"x-roles"`
			}
			if err := node.Decode(&op); err != nil {
				return nil, fmt.Errorf("contract: %s %s: %w", method, path, err)
			}
			for _, r := range op.Roles {
				if r != anyone && r != annuaire.RoleProfessional && !slices.Contains(annuaire.Roles, r) {
					return nil, fmt.Errorf("contract: %s %s: x-roles has %q, which is no role", method, path, r)
				}
			}
			out[method+" "+path] = op.Roles
		}
	}
	return out, nil
}

var methods = []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete}

var echoParam = regexp.MustCompile(`:(\w+)`)

// operation names a route as the contract does.
func operation(method, pattern string) string {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	return method + " " + echoParam.ReplaceAllString(pattern, "{$1}")
}

// authorized lets through whoever has one of the roles that the contract states for the operation. A route that the contract does not
// know is nobody's: forgetting to state who may is an error that shows, not a door.
func (s *Server) authorized(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		op := operation(c.Request().Method, c.Path())
		switch roles, ok := s.may[op]; {
		case ok && permitted(callerOf(c), roles), s.shown[c.Path()], !ok && !s.served[op]: // the last: what is not served is not found
			return next(c)
		default:
			return notPermitted(c, roles)
		}
	}
}

// permitted reports whether a caller has one of the roles.
func permitted(who annuaire.Caller, roles []annuaire.Role) bool {
	return slices.ContainsFunc(roles, func(r annuaire.Role) bool { return r == anyone || who.Has(r) })
}

// notPermitted says which role is needed, and how one comes by it.
func notPermitted(c echo.Context, roles []annuaire.Role) error {
	one := strings.Join(lo.Map(roles, func(r annuaire.Role, _ int) string { return string(r) }), ", ")
	if !callerOf(c).Anonymous() {
		return annuaire.Errorf(annuaire.CodeForbidden, "", "ce jeton n'a pas le rôle « "+one+" »", "this token lacks the role "+one, nil).Because("role_lacking")
	}
	french, english := "un jeton de rôle « "+one+" » est nécessaire ; l'exploitant en délivre (annuaire token new)",
		"a token of role "+one+" is needed; the operator of this directory issues them (annuaire token new)"
	if slices.Equal(roles, []annuaire.Role{annuaire.RoleProfessional}) {
		french, english = "cette adresse est celle des professionnels : connectez-vous (OpenID Connect, Pro Santé Connect) et envoyez le jeton d'accès",
			"this address is for professionals: sign in (OpenID Connect, Pro Santé Connect) and send the access token"
	}
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="annuaire"`)
	return annuaire.Errorf(annuaire.CodeUnauthorized, "", french, english, nil).Because("authentication_needed")
}

// permit reads who may do what, and remembers what is served.
func (s *Server) permit() {
	may, err := stated()
	if err != nil {
		panic(err) // the contract is part of the program: a test has read it
	}
	s.may, s.served = maps.Clone(may), map[string]bool{}
	for _, r := range s.echo.Routes() {
		s.served[operation(r.Method, r.Path)] = true
	}
}
