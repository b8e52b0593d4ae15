package api

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"annuaire"
)

// maxIdempotencyKey is the longest Idempotency-Key, in bytes.
const maxIdempotencyKey = 128

// The rules of the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a day long, the same request under the same key gets
// the same answer and is done once.
const (
	ruleKeyInvalid   = "idempotency_key_invalid"
	ruleKeyNotTaken  = "idempotency_key_not_taken"
	headerIdempotent = "Idempotency-Key"
	headerReplayed   = "Idempotent-Replayed"
)

// kept are the headers that belong to an answer.
var kept = []string{echo.HeaderContentType, "ETag", echo.HeaderLocation, echo.HeaderCacheControl, "Content-Language"}

// idempotent does a request with an Idempotency-Key once, and answers it again as it was.
func (s *Server) idempotent(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		values := c.Request().Header.Values(headerIdempotent)
		if len(values) == 0 {
			return next(c)
		}
		key := strings.Join(values, ",")
		if s.opts.Answers == nil {
			return s.withoutKey(next)(c)
		}
		if key == "" || len(key) > maxIdempotencyKey || strings.ContainsFunc(key, unseen) {
			return annuaire.Invalid(headerIdempotent, "une clé de 1 à %d caractères visibles est attendue", "a key of 1 to %d visible characters is expected", maxIdempotencyKey).Because(ruleKeyInvalid)
		}
		print, err := printOf(c)
		if err != nil {
			return err
		}
		who := callerOf(c).ID
		before, err := s.opts.Answers.Begin(who, key, print)
		if err != nil {
			return err
		}
		if before != nil {
			return again(c, before)
		}
		var a *annuaire.Answer
		defer func() { err = errors.Join(err, s.opts.Answers.End(who, key, print, a)) }() // after a panic too
		a, err = recordedAnswer(c, next)
		return err
	}
}

// withoutKey refuses a key where it would be believed to be understood.
func (s *Server) withoutKey(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if len(c.Request().Header.Values(headerIdempotent)) == 0 {
			return next(c)
		}
		return annuaire.Invalid(headerIdempotent, "cet en-tête n'est pas compris ici : chaque ligne est idempotente par son contenu", "this header is not understood here: each line is idempotent by its content").Because(ruleKeyNotTaken)
	}
}

// printOf is of what is asked: method, path, conditions and body, which is read and put back.
func printOf(c echo.Context) ([]byte, error) {
	r := c.Request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, bodyFault(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, ifMatch(c), strings.Join(r.Header.Values("If-None-Match"), ","), string(body)} {
		_, _ = io.WriteString(h, part)
		_, _ = h.Write([]byte{0})
	}
	return h.Sum(nil), nil
}

// again sends an answer once more.
func again(c echo.Context, a *annuaire.Answer) error {
	h := c.Response().Header()
	for name, value := range a.Header {
		h.Set(name, value)
	}
	h.Set(headerReplayed, "true")
	c.Response().WriteHeader(a.Status)
	_, err := c.Response().Write(a.Body)
	return err
}

// recordedAnswer does a request and returns what was answered; nil when it may come out otherwise another time, or was not answered.
func recordedAnswer(c echo.Context, next echo.HandlerFunc) (*annuaire.Answer, error) {
	rec := &recorder{ResponseWriter: c.Response().Writer}
	c.Response().Writer = rec
	defer func() { c.Response().Writer = rec.ResponseWriter }()
	if err := next(c); err != nil {
		c.Error(err)
	}
	status := c.Response().Status
	switch {
	case !c.Response().Committed, status >= 500, status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
		return nil, nil
	}
	a := &annuaire.Answer{Status: status, Header: map[string]string{}, Body: rec.body.Bytes()}
	for _, name := range kept {
		if v := c.Response().Header().Get(name); v != "" {
			a.Header[name] = v
		}
	}
	return a, nil
}

// recorder keeps what is written. Answers to writes are small.
type recorder struct {
	http.ResponseWriter
	body bytes.Buffer
}

// Write implements io.Writer.
func (r *recorder) Write(b []byte) (int, error) {
	r.body.Write(b)
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
