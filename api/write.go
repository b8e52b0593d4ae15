package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// encode writes v as one line of JSON. Signs such as & stay as they are: the answer is never part of a page of HTML.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// send writes a whole body at once: its length is known, and a HEAD gets the same headers without it.
func send(c echo.Context, status int, mime string, body []byte) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, mime)
	h.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(body)
	return err
}

// sendJSON answers 200 with v, not to be kept by anyone: what is withdrawn disappears at once (DESIGN, 8).
func sendJSON(c echo.Context, v any) error { return sendStatus(c, http.StatusOK, v, nil) }

// sendStatus is sendJSON with another status, of what a call returned: v, or its error.
func sendStatus(c echo.Context, status int, v any, err error) error {
	if err != nil {
		return err
	}
	body, err := encode(v)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	if h.Get(echo.HeaderCacheControl) == "" {
		h.Set(echo.HeaderCacheControl, "no-store")
	}
	return send(c, status, echo.MIMEApplicationJSON, body)
}

// sendVersion is sendStatus of what has versions, which If-Match is about.
func sendVersion(c echo.Context, status int, version uint64, v any, err error) error {
	if err == nil {
		c.Response().Header().Set("ETag", versionTag(version))
	}
	return sendStatus(c, status, v, err)
}

// sendPrivate answers with what is one person's business; version 0 is none.
func sendPrivate(c echo.Context, status int, version uint64, v any, err error) error {
	if err == nil {
		c.Response().Header().Set(echo.HeaderCacheControl, "private, no-store")
	}
	if version == 0 {
		return sendStatus(c, status, v, err)
	}
	return sendVersion(c, status, version, v, err)
}

func versionTag(v uint64) string { return `"` + strconv.FormatUint(v, 10) + `"` }

// sendTagged answers 200 with v and a strong entity tag, or 304 to a client that has it already. Caches may keep the body
// but must ask each time. Nothing in a record changes unless the record does, so the tag is a hash of the whole body.
func sendTagged(c echo.Context, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	return sendTaggedAs(c, echo.MIMEApplicationJSON, body)
}

// sendTaggedAs is sendTagged for a body of another type.
func sendTaggedAs(c echo.Context, mime string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set(echo.HeaderCacheControl, "private, no-cache")
	if tagListed(c.Request().Header.Values("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return send(c, http.StatusOK, mime, body)
}

// tagListed compares weakly, as If-None-Match does (RFC 9110, 13.1.2). Our tags hold no comma, so splitting at commas is
// enough to find one.
func tagListed(lines []string, tag string) bool {
	for _, line := range lines {
		for t := range strings.SplitSeq(line, ",") {
			t = strings.TrimSpace(t)
			if t == "*" || strings.TrimPrefix(t, "W/") == tag {
				return true
			}
		}
	}
	return false
}
