package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"annuaire"
	"annuaire/internal/obs"
)

// Problem is the body of every error: RFC 9457 with the parameter at fault, what the client may have meant, and the request
// id to quote to the operator. Type is stable, programs may compare it; Title and Detail are for people.
type Problem struct {
	Type      string `json:"type"` // "/problems/" + code
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`         // French, or English when Accept-Language prefers it
	Rule      string `json:"rule,omitempty"` // the one rule that was broken (annuaire.Error), stable as Type is
	Parameter string `json:"parameter,omitempty"`
	Nearest   string `json:"nearest,omitempty"`
	RequestID string `json:"request_id"`

	Restart *restart `json:"restart,omitempty"` // for a reader of the feed who has missed changes
}

// restart is where a reader of the feed starts again: export everything, then go on after Since. In that order: what changes meanwhile
// comes twice, which does no harm.
type restart struct {
	Since  uint64   `json:"since"`
	Export []string `json:"export"`
}

var exports = []string{"/v1/export/professionals", "/v1/export/structures", "/v1/export/mailboxes"}

// mimeProblem is the media type of a Problem (RFC 9457, 3).
const mimeProblem = "application/problem+json"

// The codes of what only HTTP knows, beside those of annuaire.Code.
const (
	codeMethod   annuaire.Code = "method_not_allowed"
	codeTooLarge annuaire.Code = "too_large"
)

// wording is a text in both languages.
type wording struct{ fr, en string }

func (w wording) in(english bool) string {
	if english && w.en != "" {
		return w.en
	}
	return w.fr
}

var titles = map[annuaire.Code]wording{
	annuaire.CodeConflict:     {"Conflit", "Conflict"},
	annuaire.CodeForbidden:    {"Accès refusé", "Forbidden"},
	annuaire.CodeGone:         {"Retiré de l'annuaire", "Gone"},
	annuaire.CodeInternal:     {"Erreur interne", "Internal error"},
	annuaire.CodeInvalid:      {"Paramètre invalide", "Invalid parameter"},
	annuaire.CodeNotFound:     {"Introuvable", "Not found"},
	annuaire.CodePrecondition: {"Condition non remplie", "Precondition failed"},
	annuaire.CodeTooMany:      {"Trop de demandes", "Too many requests"},
	annuaire.CodeUnauthorized: {"Authentification requise", "Authentication required"},
	annuaire.CodeUnavailable:  {"Service indisponible", "Service unavailable"},
	codeMethod:                {"Méthode non permise", "Method not allowed"},
	codeTooLarge:              {"Demande trop grande", "Request too large"},
	codeMedia:                 {"Type de contenu refusé", "Unsupported media type"},
}

// details are what is said when the error itself has nothing for the client.
var details = map[annuaire.Code]wording{
	annuaire.CodeInternal:    {"Une erreur interne est survenue. Communiquez request_id à l'exploitant.", "An internal error occurred. Quote request_id to the operator."},
	annuaire.CodeNotFound:    {"Cette adresse n'existe pas.", "There is nothing at this address."},
	annuaire.CodeUnavailable: {"Le service ne répond pas pour l'instant. Réessayez dans quelques instants.", "The service does not answer at the moment. Try again shortly."},
	codeMethod:               {"Cette méthode n'est pas permise ici ; l'en-tête Allow donne celles qui le sont.", "This method is not allowed here; the Allow header lists those that are."},
	codeTooLarge:             {"Le corps de la demande est trop grand : 256 Kio au plus.", "The body of the request is too large: 256 KiB at most."},
	codeMedia:                {"Le corps doit être du JSON : Content-Type: application/json.", "The body must be JSON: Content-Type: application/json."},
}

// languages has French first: it is the answer to a header that prefers nothing we speak.
var languages = language.NewMatcher([]language.Tag{language.French, language.English})

// english reports whether the client prefers English to French.
func english(r *http.Request) bool {
	header := strings.Join(r.Header.Values("Accept-Language"), ",")
	if header == "" || len(header) > 256 { // no browser sends more, and parsing is not free
		return false
	}
	_, i := language.MatchStrings(languages, header)
	return i == 1
}

// newProblem words a failure for the client of r.
func newProblem(r *http.Request, code annuaire.Code, status int, detail wording) *Problem {
	en := english(r)
	title, ok := titles[code]
	if !ok {
		code, title = annuaire.CodeInternal, titles[annuaire.CodeInternal]
	}
	if detail.fr == "" {
		detail = details[code]
	}
	if detail.fr == "" {
		detail = title
	}
	return &Problem{Type: "/problems/" + string(code), Title: title.in(en), Status: status, Detail: detail.in(en), RequestID: obs.RequestID(r.Context())}
}

// send writes the problem.
func (p *Problem) send(c echo.Context) error {
	body, err := encode(p)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("Content-Language", "fr")
	if english(c.Request()) {
		h.Set("Content-Language", "en")
	}
	h.Add(echo.HeaderVary, "Accept-Language")
	return send(c, p.Status, mimeProblem, body)
}
