package obs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"annuaire/internal/obs"
)

type valuer struct{ s string }

func (v valuer) LogValue() slog.Value { return slog.StringValue(v.s) }

// No way into a log line lets an INS or the local part of a patient's address through.
func TestNoINSIsLogged(t *testing.T) {
	const ins, person = "185057800608436", "jean.dupont@patient.mssante.fr"
	for rule, log := range map[string]func(*slog.Logger, string){
		"in the message":             func(l *slog.Logger, s string) { l.Info("path " + s) },
		"in an attribute":            func(l *slog.Logger, s string) { l.Error("x", "path", s) },
		"in an error":                func(l *slog.Logger, s string) { l.Error("x", "error", fmt.Errorf("open: %w", errors.New(s))) },
		"in a list":                  func(l *slog.Logger, s string) { l.Debug("x", "list", []string{"a", s}) },
		"in a structure":             func(l *slog.Logger, s string) { l.Debug("x", "v", struct{ A string }{s}) },
		"in a group":                 func(l *slog.Logger, s string) { l.Info("x", slog.Group("g", "a", s)) },
		"in an attribute of logger":  func(l *slog.Logger, s string) { l.With("a", s).Info("x") },
		"in a group of the logger":   func(l *slog.Logger, s string) { l.WithGroup("g").Info("x", "a", s) },
		"in a value that says so":    func(l *slog.Logger, s string) { l.Info("x", "v", valuer{s}) },
		"in the request's own id":    func(l *slog.Logger, s string) { l.InfoContext(obs.WithRequestID(context.Background(), s), "x") },
		"in an attribute of a group": func(l *slog.Logger, s string) { l.With(slog.Group("g", "a", s)).Info("x") },
	} {
		t.Run(rule, func(t *testing.T) {
			for _, format := range []obs.Format{obs.FormatJSON, obs.FormatText} {
				for _, s := range []string{ins, person} {
					var out bytes.Buffer
					l, err := obs.NewLogger(&out, format, "debug")
					if err != nil {
						t.Fatal(err)
					}
					if log(l, s); strings.Contains(out.String(), strings.Split(s, "@")[0]) || out.Len() == 0 {
						t.Error(out.String())
					}
				}
			}
		})
	}
	t.Run("a number too", func(t *testing.T) {
		var out bytes.Buffer
		l, _ := obs.NewLogger(&out, obs.FormatJSON, "info")
		if l.Info("x", "n", 1850578006084); strings.Contains(out.String(), "1850578006084") {
			t.Error(out.String())
		}
	})
	t.Run("a request id that a client sends may not be one", func(t *testing.T) {
		if obs.ValidRequestID(ins) || !obs.ValidRequestID("10001234567") {
			t.Error("taken over")
		}
	})
	t.Run("what is harmless is written as it is", func(t *testing.T) {
		var out bytes.Buffer
		l, _ := obs.NewLogger(&out, obs.FormatJSON, "info")
		l.Info("x", "rpps", "10001234567", "siret", "73282932000074", "list", []string{"a"}, "n", 12)
		for _, want := range []string{`"rpps":"10001234567"`, `"siret":"73282932000074"`, `"list":["a"]`, `"n":12`} {
			if !strings.Contains(out.String(), want) {
				t.Error(out.String())
			}
		}
	})
}
