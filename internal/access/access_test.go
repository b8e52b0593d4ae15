package access

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"annuaire"
	"annuaire/internal/store"
)

func registry(t *testing.T) (*Registry, *time.Time) {
	t.Helper()
	l, err := store.OpenLedger(filepath.Join(t.TempDir(), "annuaire.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	return &Registry{store: l, now: func() time.Time { return now }}, &now
}

func TestTokens(t *testing.T) {
	r, now := registry(t)
	tok, secret, err := r.Create(annuaire.TokenRequest{Name: "éditeur", Roles: []annuaire.Role{annuaire.RoleReader}, Life: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a secret is recognised", func(t *testing.T) {
		c, err := r.Authenticate(secret)
		if err != nil || c.ID != tok.ID || !c.Has(annuaire.RoleReader) || c.Has(annuaire.RoleAdmin) {
			t.Fatalf("%+v: %v", c, err)
		}
	})
	t.Run("the store keeps no secret", func(t *testing.T) {
		if bytes.Contains(tok.Hash, []byte(secret)) || !strings.HasPrefix(secret, "ann_") || len(secret) != 4+43 {
			t.Fatal(secret)
		}
	})
	t.Run("another secret is nobody's", func(t *testing.T) {
		for _, s := range []string{"", "ann_", secret[:len(secret)-1] + "!", secret + "x", strings.ToUpper(secret)} {
			if _, err := r.Authenticate(s); annuaire.CodeOf(err) != annuaire.CodeUnauthorized {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
	t.Run("it stops when it expires, to the second", func(t *testing.T) {
		*now = now.Add(time.Hour - time.Second)
		if _, err := r.Authenticate(secret); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(time.Second)
		if _, err := r.Authenticate(secret); annuaire.CodeOf(err) != annuaire.CodeUnauthorized || !strings.Contains(err.Error(), "expired") {
			t.Fatal(err)
		}
		*now = now.Add(-time.Minute)
	})
	t.Run("it stops when it is revoked, at once", func(t *testing.T) {
		if _, err := r.Revoke(tok.ID, annuaire.LocalCaller("root")); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Authenticate(secret); annuaire.CodeOf(err) != annuaire.CodeUnauthorized || !strings.Contains(err.Error(), "revoked") {
			t.Fatal(err)
		}
	})
	t.Run("revoking twice keeps the first time", func(t *testing.T) {
		first, err := r.Revoke(tok.ID, annuaire.LocalCaller("root"))
		*now = now.Add(time.Minute)
		again, err2 := r.Revoke(tok.ID, annuaire.LocalCaller("root"))
		if err != nil || err2 != nil || !first.Revoked.Equal(again.Revoked) {
			t.Fatal(first, again, err, err2)
		}
	})
	t.Run("what does not exist cannot be revoked", func(t *testing.T) {
		if _, err := r.Revoke("nobody", annuaire.Caller{}); annuaire.CodeOf(err) != annuaire.CodeNotFound {
			t.Fatal(err)
		}
	})
	t.Run("the newest comes first", func(t *testing.T) {
		if _, _, err := r.Create(annuaire.TokenRequest{Name: "b", Roles: []annuaire.Role{annuaire.RoleAdmin}}); err != nil {
			t.Fatal(err)
		}
		all, err := r.List()
		if err != nil || len(all) != 2 || all[0].Name != "b" || !all[0].Expires.Equal(now.Add(DefaultLife)) {
			t.Fatal(all, err)
		}
	})
}

func TestRefusedTokens(t *testing.T) {
	r, _ := registry(t)
	reader := []annuaire.Role{annuaire.RoleReader}
	for name, c := range map[string]struct {
		q  annuaire.TokenRequest
		op string
	}{
		"without a name":                {annuaire.TokenRequest{Roles: reader}, "name"},
		"without a role":                {annuaire.TokenRequest{Name: "x"}, "role"},
		"with an unknown role":          {annuaire.TokenRequest{Name: "x", Roles: []annuaire.Role{"root"}}, "role"},
		"an operator without a domain":  {annuaire.TokenRequest{Name: "x", Roles: []annuaire.Role{annuaire.RoleOperator}}, "domain"},
		"with what is no domain":        {annuaire.TokenRequest{Name: "x", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{"a@b.mssante.fr"}}, "domain"},
		"with an empty domain":          {annuaire.TokenRequest{Name: "x", Roles: []annuaire.Role{annuaire.RoleOperator}, Domains: []string{""}}, "domain"},
		"a reader with a domain":        {annuaire.TokenRequest{Name: "x", Roles: reader, Domains: []string{"a.mssante.fr"}}, "domain"},
		"for longer than five years":    {annuaire.TokenRequest{Name: "x", Roles: reader, Life: MaxLife + 1}, "expires"},
		"that has expired before birth": {annuaire.TokenRequest{Name: "x", Roles: reader, Life: -time.Hour}, "expires"},
	} {
		t.Run(name, func(t *testing.T) {
			_, secret, err := r.Create(c.q)
			if annuaire.CodeOf(err) != annuaire.CodeInvalid || secret != "" || !strings.HasPrefix(err.Error(), c.op+":") {
				t.Fatal(err)
			}
		})
	}
}
