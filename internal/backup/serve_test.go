package backup

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHandler(t *testing.T) {
	t.Run("what cannot be noted is not given", func(t *testing.T) {
		h := Handler(nil, "test", slog.New(slog.DiscardHandler), func(*http.Request) error { return errors.New("no room for the audit") })
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		b, _ := io.ReadAll(rec.Result().Body)
		if rec.Code != http.StatusInternalServerError || string(b) != "no room for the audit\n" {
			t.Error(rec.Code, string(b))
		}
	})
}
