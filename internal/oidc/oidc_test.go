package oidc

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"annuaire"
	"annuaire/internal/demoidp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const anna = "899700218896"

// world is a provider that runs, and a Set that believes it.
type world struct {
	t     *testing.T
	idp   *demoidp.Provider
	srv   *httptest.Server
	set   *Set
	mu    sync.Mutex
	asked map[string]int // of each address of the provider
	down  atomic.Bool
	clock atomic.Int64 // seconds that our clock is ahead
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.clock.Load()) * time.Second) }

func (w *world) times(path string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[path]
}

func newWorld(t *testing.T, edit func(*Issuer)) *world {
	t.Helper()
	w := &world{t: t, asked: map[string]int{}}
	var handler http.Handler
	w.srv = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked[strings.TrimPrefix(r.URL.Path, demoidp.Path)]++
		w.mu.Unlock()
		if w.down.Load() {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.srv.Close)
	var err error
	if w.idp, err = demoidp.New(w.srv.URL, func(string) (demoidp.Person, bool) { return demoidp.Person{}, true }); err != nil {
		t.Fatal(err)
	}
	handler = w.idp.Handler()
	i := Issuer{Name: "psc", URL: w.idp.Issuer(), Clients: []string{demoidp.Client}, Ask: AskIntrospection, ClientID: demoidp.Client, Skew: 30 * time.Second,
		SecretFile: secretFile(t, demoidp.Secret+"\n")}
	if edit != nil {
		edit(&i)
	}
	w.set, err = New([]Issuer{i}, nil, w.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.set.Close)
	return w
}

func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *world) token(edit func(map[string]any)) string {
	w.t.Helper()
	raw, err := w.idp.Token(anna, edit)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

func (w *world) identify(raw string) (annuaire.Caller, error) {
	return w.set.Identify(context.Background(), raw)
}

// wants takes a token for anna's, or for one that breaks a rule.
func (w *world) wants(t *testing.T, raw, rule string) {
	t.Helper()
	who, err := w.identify(raw)
	if rule == "" {
		if err != nil || who.ID != "pro:"+anna || who.Professional != anna || len(who.Roles) != 1 || !who.Has(annuaire.RoleProfessional) || who.Has(annuaire.RoleReader) {
			t.Errorf("%+v %v", who, err)
		}
		return
	}
	code := annuaire.CodeUnauthorized
	if rule == "issuer_unavailable" {
		code = annuaire.CodeUnavailable
	}
	if annuaire.RuleOf(err) != rule || annuaire.CodeOf(err) != code || !who.Anonymous() {
		t.Errorf("%+v %v, want %s", who, err, rule)
	}
}

// comesTo waits until a token is taken so. The library gives keys to whoever waits for them a moment before it keeps them: whoever asks within
// it gets the same ones once more.
func (w *world) comesTo(t *testing.T, raw, rule string) {
	t.Helper()
	for range 1000 {
		if _, err := w.identify(raw); annuaire.RuleOf(err) == rule && (err == nil) == (rule == "") {
			break
		}
		runtime.Gosched()
	}
	w.wants(t, raw, rule)
}

func lacking(names ...string) func(map[string]any) {
	return func(c map[string]any) {
		for _, n := range names {
			delete(c, n)
		}
	}
}

func setting(name string, v any) func(map[string]any) {
	return func(c map[string]any) { c[name] = v }
}

func TestTokensOfTheIssuer(t *testing.T) {
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	for name, tt := range map[string]struct {
		edit func(map[string]any)
		rule string
	}{
		"an access token is of the professional it names":               {nil, ""},
		"one that lacks the identity is asked about":                    {lacking("preferred_username"), ""},
		"audience_mismatch: one for another client":                     {setting("azp", "other"), "audience_mismatch"},
		"audience_mismatch: one for nobody":                             {lacking("azp", "aud"), "audience_mismatch"},
		"token_expired: one of yesterday":                               {setting("exp", ago(24*time.Hour)), "token_expired"},
		"clocks may differ a little: just expired":                      {setting("exp", ago(10*time.Second)), ""},
		"token_expired: by more than clocks may differ":                 {setting("exp", ago(45*time.Second)), "token_expired"},
		"clocks may differ a little: not valid for some seconds yet":    {setting("nbf", ago(-10*time.Second)), ""},
		"token_not_yet_valid: one of tomorrow":                          {setting("nbf", ago(-24*time.Hour)), "token_not_yet_valid"},
		"token_not_yet_valid: one that will be issued":                  {setting("iat", ago(-time.Hour)), "token_not_yet_valid"},
		"token_malformed: one without an end":                           {lacking("exp"), "token_malformed"},
		"token_malformed: one whose end is no time":                     {setting("exp", "tomorrow"), "token_malformed"},
		"not_an_access_token: an ID token":                              {setting("typ", "ID"), "not_an_access_token"},
		"not_an_access_token: a refresh token":                          {setting("typ", "Refresh"), "not_an_access_token"},
		"identity_not_rpps: an ADELI":                                   {setting("preferred_username", "0123456789"), "identity_not_rpps"},
		"identity_not_rpps: an RPPS without its type":                   {setting("preferred_username", "99700218896"), "identity_not_rpps"},
		"identity_not_rpps: staff of an establishment":                  {setting("preferred_username", "3990000001/12"), "identity_not_rpps"},
		"identity_not_rpps: twelve digits of another type":              {setting("preferred_username", "599700218896"), "identity_not_rpps"},
		"identity_not_rpps: digits that are not ours":                   {setting("preferred_username", "8９９700218896"), "identity_not_rpps"},
		"identity_not_rpps: with a line after it":                       {setting("preferred_username", anna+"\n"), "identity_not_rpps"},
		"the identity of Pro Santé Connect counts before the user name": {func(c map[string]any) { c["SubjectNameID"], c["preferred_username"] = anna, "someone" }, ""},
		"an audience that is a list is searched":                        {setting("aud", []string{"x", "y"}), ""},
		"an identity that is no text is none, and is asked about":       {setting("preferred_username", 899700218896), ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.wants(t, w.token(tt.edit), tt.rule)
		})
	}
	t.Run("by audience, where that is what is agreed", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.Clients, i.Audiences = nil, []string{"account"} })
		w.wants(t, w.token(nil), "")
		w.wants(t, w.token(setting("aud", "other")), "audience_mismatch")
	})
	t.Run("identity_missing: where nothing may be asked", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.Ask = AskNever })
		w.wants(t, w.token(lacking("preferred_username")), "identity_missing")
		if n := w.times("/introspect"); n != 0 {
			t.Error(n)
		}
	})
	t.Run("the identity is in another claim, where the configuration says so", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.Claims = []string{"rpps"} })
		w.wants(t, w.token(setting("rpps", anna)), "")
	})
	t.Run("acr_refused: a level that is not enough", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.ACR = []string{"eidas2", "eidas3"} })
		w.wants(t, w.token(nil), "acr_refused")
		w.wants(t, w.token(setting("acr", "eidas3")), "")
	})
}

func TestProof(t *testing.T) {
	w := newWorld(t, nil)
	for name, tt := range map[string]struct {
		edit func(map[string]any)
		want string
	}{
		"the level":                             {nil, "oidc issuer=psc acr=eidas1"},
		"the means":                             {setting("amr", []string{"pwd", "otp"}), "oidc issuer=psc acr=eidas1 amr=pwd+otp"},
		"the means, in the words of the issuer": {setting("authenticationMode", "CARD"), "oidc issuer=psc acr=eidas1 amr=CARD"},
		"neither, where neither is said":        {lacking("acr"), "oidc issuer=psc"},
		"nothing that could be taken for it":    {setting("acr", "x amr=card\n"+strings.Repeat("y", 99)), "oidc issuer=psc acr=xamrcard" + strings.Repeat("y", 56)},
	} {
		t.Run(name, func(t *testing.T) {
			if who, err := w.identify(w.token(tt.edit)); err != nil || who.Proof != tt.want {
				t.Errorf("%q %v", who.Proof, err)
			}
		})
	}
}

func TestIntrospection(t *testing.T) {
	t.Run("an answer is kept for a while, and asked for once by many", func(t *testing.T) {
		w := newWorld(t, nil)
		raw := w.token(lacking("preferred_username"))
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() { w.wants(t, raw, "") })
		}
		wg.Wait()
		if n := w.times("/introspect"); n != 1 {
			t.Error(n)
		}
		w.clock.Add(int64(CacheFor.Seconds()) + 1)
		w.wants(t, raw, "")
		if n := w.times("/introspect"); n != 2 {
			t.Error(n)
		}
	})
	t.Run("token_inactive: one that was withdrawn stops within the minute, where every token is asked about", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.Always = true })
		raw := w.token(nil)
		w.wants(t, raw, "")
		w.idp.Revoke(raw)
		w.clock.Add(int64(CacheFor.Seconds()) + 1)
		w.wants(t, raw, "token_inactive")
	})
	t.Run("an opaque token is whose the issuer says", func(t *testing.T) {
		w := newWorld(t, nil)
		w.wants(t, "opaque-and-unknown", "token_inactive")
		w.wants(t, "x.y", "token_inactive")
	})
	t.Run("token_malformed: an opaque one where nobody can be asked", func(t *testing.T) {
		for _, ask := range []Ask{AskNever, AskUserinfo} {
			w := newWorld(t, func(i *Issuer) { i.Ask = ask })
			w.wants(t, "opaque", "token_malformed")
			if n := w.times("/userinfo"); n != 0 {
				t.Error(n)
			}
		}
	})
	t.Run("issuer_unavailable: a secret that is wrong is our fault, not the caller's", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.SecretFile = secretFile(t, "wrong") })
		w.wants(t, w.token(lacking("preferred_username")), "issuer_unavailable")
	})
	t.Run("a secret that is put right counts at once", func(t *testing.T) {
		file := secretFile(t, "wrong")
		w := newWorld(t, func(i *Issuer) { i.SecretFile = file })
		raw := w.token(lacking("preferred_username"))
		w.wants(t, raw, "issuer_unavailable")
		if err := os.WriteFile(file, []byte(demoidp.Secret), 0o600); err != nil {
			t.Fatal(err)
		}
		w.wants(t, raw, "")
	})
	t.Run("userinfo says it as well", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.Ask = AskUserinfo })
		w.wants(t, w.token(lacking("preferred_username")), "")
		raw := w.token(lacking("preferred_username"))
		w.idp.Revoke(raw)
		w.wants(t, raw, "token_inactive")
	})
}

func TestIssuerThatIsAway(t *testing.T) {
	t.Run("issuer_unavailable: until it is back, asked at most every few seconds", func(t *testing.T) {
		w := newWorld(t, nil)
		w.down.Store(true)
		raw := w.token(nil)
		for range 10 {
			w.wants(t, raw, "issuer_unavailable")
		}
		if n := w.times("/.well-known/openid-configuration"); n != 1 {
			t.Error(n, "attempts")
		}
		w.down.Store(false)
		w.clock.Add(int64(retryAfter.Seconds()) + 1)
		w.wants(t, raw, "")
	})
	t.Run("one that is away once its keys are known harms nobody", func(t *testing.T) {
		w := newWorld(t, nil)
		w.wants(t, w.token(nil), "")
		w.down.Store(true)
		w.wants(t, w.token(nil), "")
		w.clock.Add(int64(rediscover.Seconds()) + 1)
		raw := w.token(setting("exp", w.now().Add(time.Hour).Unix()))
		w.wants(t, raw, "")
		w.wants(t, raw, "")
	})
	t.Run("issuer_unavailable: a key that cannot be had is no wrong signature", func(t *testing.T) {
		w := newWorld(t, nil)
		w.wants(t, w.token(nil), "")
		if err := w.idp.Rotate(); err != nil {
			t.Fatal(err)
		}
		w.down.Store(true)
		w.clock.Add(int64(refetchKeys.Seconds()) + 1)
		w.comesTo(t, w.token(nil), "issuer_unavailable")
	})
	t.Run("issuer_unavailable: one that calls itself otherwise is not it", func(t *testing.T) {
		w := newWorld(t, func(i *Issuer) { i.URL += "/" })
		w.wants(t, w.token(setting("iss", w.idp.Issuer()+"/")), "issuer_unavailable")
	})
	t.Run("who asks does not wait longer than they want to", func(t *testing.T) {
		w := newWorld(t, nil)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := w.set.Identify(ctx, w.token(nil)); annuaire.CodeOf(err) != annuaire.CodeUnavailable {
			t.Error(err)
		}
	})
}

func TestKeyRotation(t *testing.T) {
	w := newWorld(t, nil)
	old := w.token(nil)
	w.wants(t, old, "")
	if err := w.idp.Rotate(); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(int64(refetchKeys.Seconds()) + 1)
	t.Run("a new key is believed without a restart", func(t *testing.T) { w.comesTo(t, w.token(nil), "") })
	t.Run("signature_invalid: one that was withdrawn no longer is", func(t *testing.T) { w.comesTo(t, old, "signature_invalid") })
	t.Run("forged tokens do not make us ask for keys again and again", func(t *testing.T) {
		before := w.times("/certs")
		for range 50 {
			w.wants(t, old, "signature_invalid")
		}
		if n := w.times("/certs") - before; n > 1 {
			t.Error(n, "questions")
		}
	})
}
