package obs

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"annuaire/internal/mask"
	"annuaire/internal/terminal"
)

// Format is how log lines are written.
type Format string

// The formats. Auto is text on a terminal and JSON anywhere else, where a machine reads.
const (
	FormatAuto Format = "auto"
	FormatJSON Format = "json"
	FormatText Format = "text"
)

// NewLogger returns a logger on w. format is a Format ("" is auto), level one of debug, info, warn, error ("" is info); any
// other value is an error naming it. Lines logged with a context carry its request_id.
func NewLogger(w io.Writer, format Format, level string) (*slog.Logger, error) {
	lv, err := ParseLevel(level)
	if err != nil {
		return nil, err
	}
	return NewLoggerAt(w, format, lv)
}

// NewLoggerAt is NewLogger with a level that may change while the logger is in use (slog.LevelVar).
func NewLoggerAt(w io.Writer, format Format, lv slog.Leveler) (*slog.Logger, error) {
	opts := &slog.HandlerOptions{Level: lv}
	if format == FormatAuto || format == "" {
		format = FormatJSON
		if terminal.Is(w) {
			format = FormatText
		}
	}
	switch format {
	case FormatJSON:
		return slog.New(WithContext(slog.NewJSONHandler(w, opts))), nil
	case FormatText:
		return slog.New(WithContext(slog.NewTextHandler(w, opts))), nil
	}
	return nil, fmt.Errorf("log format %q: want auto, json or text", format)
}

// ParseLevel reads a level; "" is info.
func ParseLevel(s string) (slog.Level, error) {
	if s == "" {
		return slog.LevelInfo, nil
	}
	for _, lv := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(s, lv.String()) {
			return lv, nil
		}
	}
	return 0, fmt.Errorf("log level %q: want debug, info, warn or error", s)
}

// contextHandler adds to each record what its context knows, and masks what must not be written down.
type contextHandler struct{ slog.Handler }

// WithContext returns a handler that adds the request_id of the context to each line and writes no INS (see mask). A handler that already
// does is returned as it is, so that packages may each make sure without repeating the attribute.
func WithContext(h slog.Handler) slog.Handler {
	if _, ok := h.(contextHandler); ok {
		return h
	}
	return contextHandler{h}
}

// Handle implements slog.Handler.
func (h contextHandler) Handle(ctx context.Context, r slog.Record) error {
	out := r
	if suspect(r) {
		out = slog.NewRecord(r.Time, r.Level, mask.String(r.Message), r.PC)
		r.Attrs(func(a slog.Attr) bool {
			out.AddAttrs(masked(a))
			return true
		})
	}
	if id := RequestID(ctx); id != "" {
		out = out.Clone() // the record may be shared by several handlers
		out.AddAttrs(slog.String("request_id", mask.String(id)))
	}
	return h.Handler.Handle(ctx, out)
}

// WithAttrs implements slog.Handler.
func (h contextHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextHandler{h.Handler.WithAttrs(maskedAll(attrs))}
}

// WithGroup implements slog.Handler.
func (h contextHandler) WithGroup(name string) slog.Handler {
	return contextHandler{h.Handler.WithGroup(name)}
}
