package obs

import (
	"fmt"
	"log/slog"
	"slices"

	"annuaire/internal/mask"
)

// suspect reports whether masking would change a record: few are rewritten.
func suspect(r slog.Record) bool {
	found := mask.String(r.Message) != r.Message
	r.Attrs(func(a slog.Attr) bool {
		found = found || differs(a)
		return !found
	})
	return found
}

func differs(a slog.Attr) bool {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindBool, slog.KindDuration, slog.KindFloat64, slog.KindTime:
		return false
	case slog.KindGroup:
		return slices.ContainsFunc(v.Group(), differs)
	default: // a number may be one that a client sent
		text := textOf(v)
		return mask.String(text) != text
	}
}

// masked is an attribute without what must not be written down. What is neither text nor number is written as text where it holds any.
func masked(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(maskedAll(v.Group())...)}
	}
	if !differs(a) {
		return a
	}
	return slog.String(a.Key, mask.String(textOf(v)))
}

func maskedAll(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = masked(a)
	}
	return out
}

func textOf(v slog.Value) string {
	if v.Kind() == slog.KindAny {
		return fmt.Sprintf("%+v", v.Any())
	}
	return v.String()
}
