package oidc

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"annuaire"
)

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// forged makes a token by hand: go-jose would refuse to.
func forged(header, body string, sign func(input string) []byte) string {
	input := b64(header) + "." + b64(body)
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

func unsigned(string) []byte { return nil }

// publicPEM is the key of the issuer as anybody can have it.
func publicPEM(t *testing.T, w *world) []byte {
	t.Helper()
	raw := w.token(nil)
	w.wants(t, raw, "") // the keys are there
	res, err := w.srv.Client().Get(w.idp.Issuer() + "/certs")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(res.Body).Decode(&set); err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(set.Keys[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func TestForgedTokens(t *testing.T) {
	w := newWorld(t, nil)
	good := w.token(nil)
	parts := strings.Split(good, ".")
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	body := string(payload)
	pub := publicPEM(t, w)
	hs := func(input string) []byte {
		m := hmac.New(sha256.New, pub)
		m.Write([]byte(input))
		return m.Sum(nil)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec := func(input string) []byte {
		sum := sha256.Sum256([]byte(input))
		r, s, err := ecdsa.Sign(rand.Reader, other, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	}
	jwk, err := (&jose.JSONWebKey{Key: crypto.PublicKey(&other.PublicKey), KeyID: "x"}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ raw, rule string }{
		"algorithm_refused: alg none":                                       {forged(`{"alg":"none"}`, body, unsigned), "algorithm_refused"},
		"algorithm_refused: alg None, in other letters":                     {forged(`{"alg":"nOnE"}`, body, unsigned), "algorithm_refused"},
		"algorithm_refused: no alg":                                         {forged(`{}`, body, unsigned), "algorithm_refused"},
		"algorithm_refused: HS256 with the public key as its secret":        {forged(`{"alg":"HS256","kid":"formation-1"}`, body, hs), "algorithm_refused"},
		"signature_invalid: another key under the right name":               {forged(`{"alg":"ES256","kid":"formation-1"}`, body, ec), "signature_invalid"},
		"signature_invalid: a key of its own in the header is not believed": {forged(`{"alg":"ES256","kid":"x","jwk":`+string(jwk)+`}`, body, ec), "signature_invalid"},
		"signature_invalid: nor is one at an address":                       {forged(`{"alg":"ES256","kid":"x","jku":"http://127.0.0.1:1/"}`, body, ec), "signature_invalid"},
		"signature_invalid: another body under a good signature":            {parts[0] + "." + b64(strings.Replace(body, anna, "899700218897", 2)) + "." + parts[2], "signature_invalid"},
		"signature_invalid: a signature cut short":                          {good[:len(good)-8], "signature_invalid"},
		"signature_invalid: no signature":                                   {parts[0] + "." + parts[1] + ".", "signature_invalid"},
		"signature_invalid: another algorithm than the key's":               {forged(`{"alg":"RS256","kid":"formation-1"}`, body, ec), "signature_invalid"},
		"issuer_unknown: of another issuer":                                 {forged(`{"alg":"ES256"}`, `{"iss":"https://evil.example"}`, ec), "issuer_unknown"},
		"token_malformed: of no issuer":                                     {forged(`{"alg":"ES256"}`, `{}`, ec), "token_malformed"},
		"token_malformed: extensions that must be understood":               {forged(`{"alg":"ES256","crit":["b64"],"b64":false}`, body, ec), "token_malformed"},
		"token_malformed: a header that is no JSON":                         {forged(`x`, body, ec), "token_malformed"},
		"token_malformed: a body that is no object":                         {forged(`{"alg":"ES256"}`, `[]`, ec), "token_malformed"},
		"token_malformed: too long":                                         {good + strings.Repeat("A", maxToken), "token_malformed"},
		"token_malformed: padding":                                          {parts[0] + "=." + parts[1] + "." + parts[2], "token_malformed"},
	} {
		t.Run(name, func(t *testing.T) { w.wants(t, tt.raw, tt.rule) })
	}
}

// FuzzIdentify: whatever is sent, nobody gets in, nothing breaks, and the refusal has its rule.
func FuzzIdentify(f *testing.F) {
	body := `{"iss":"http://127.0.0.1:1/realm","exp":9999999999,"azp":"annuaire-formation","preferred_username":"899700218896"}`
	for _, seed := range []string{"", "a.b.c", "..", forged(`{"alg":"ES256"}`, body, unsigned), forged(`{"alg":"none"}`, body, unsigned), forged(`{"alg":["ES256"]}`, `{"iss":{}}`, unsigned), "opaque"} {
		f.Add(seed)
	}
	set, err := New([]Issuer{{Name: "x", URL: "http://127.0.0.1:1/realm", Clients: []string{"annuaire-formation"}, Ask: AskNever}}, nil, nil) // nobody answers there
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(set.Close)
	f.Fuzz(func(t *testing.T, raw string) {
		who, err := set.Identify(context.Background(), raw)
		if err == nil || !who.Anonymous() || annuaire.RuleOf(err) == "" {
			t.Fatalf("%q: %+v %v", raw, who, err)
		}
	})
}

// FuzzClaims: whatever a signed token says, it is a professional with an RPPS, or a refusal.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{`{}`, `{"exp":1e300}`, `{"exp":-1,"iat":"x"}`, `{"exp":9999999999,"azp":"c","preferred_username":"899700218896","amr":[1,"x"]}`, `null`, `{"exp":9999999999,"aud":["c",null,{}],"azp":"c"}`} {
		f.Add(seed)
	}
	set, err := New([]Issuer{{Name: "x", URL: "http://127.0.0.1:1/realm", Clients: []string{"c"}, Ask: AskNever}}, nil, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(set.Close)
	p := set.providers[0]
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := parseClaims([]byte(text))
		if !ok {
			return
		}
		if p.valid(c) != nil {
			return
		}
		who, err := p.caller(c)
		if (err == nil) != rpps.MatchString(who.Professional) || strings.ContainsAny(who.Proof, "\n\r") || len(who.Proof) > 500 {
			t.Fatalf("%q: %+v %v", text, who, err)
		}
	})
}
