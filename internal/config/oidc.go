package config

import (
	"fmt"
	"slices"
	"time"
)

// OIDC is an identity provider that is believed, one of [[oidc]]. What it leaves out is that of its preset.
type OIDC struct {
	Name   string `toml:"name"`   // in the audit and in logs; "" is the preset, else the host of the issuer
	Preset string `toml:"preset"` // "pro-sante-connect", "pro-sante-connect-bas" (bac à sable); "" is none
	Issuer string `toml:"issuer"` // what its tokens have in iss, to the character

	Audiences []string `toml:"audiences"`  // a token is for us when its aud has one of them,
	ClientIDs []string `toml:"client_ids"` // or its azp or client_id is one of them

	Claims []string `toml:"claims"` // where the identity is; none is SubjectNameID, then preferred_username
	ACR    []string `toml:"acr"`    // levels that are enough, as "eidas1"; none is any
	Skew   string   `toml:"skew"`   // that clocks may differ by; "" is 30s

	Ask              string `toml:"ask"`        // about a token that lacks the identity: "introspection", "userinfo", "never"; "" is that of the preset, else never
	AskAlways        bool   `toml:"ask_always"` // about every token: one that was withdrawn stops within a minute
	Introspection    string `toml:"introspection"`
	Userinfo         string `toml:"userinfo"`           // addresses; "" is those of discovery
	ClientID         string `toml:"client_id"`          // ours, at the introspection
	ClientSecretFile string `toml:"client_secret_file"` // its first line; "" where a certificate is shown instead
	CAFile           string `toml:"ca_file"`            // PEM: authorities trusted beside those of the system
	Cert             string `toml:"cert"`               // PEM: our certificate for the provider, where it wants one
	Key              string `toml:"key"`
}

// The presets.
var oidcPresets = []string{"", "pro-sante-connect", "pro-sante-connect-bas"}

const (
	defaultSkew = 30 * time.Second
	maxSkew     = 5 * time.Minute
)

// SkewTime is what clocks may differ by.
func (o OIDC) SkewTime() time.Duration {
	if o.Skew == "" {
		return defaultSkew
	}
	return known(o.Skew)
}

// identities tells what is wrong with [[oidc]].
func (c Config) identities(f *faults) {
	issuers := map[string]bool{}
	for n, o := range c.OIDC {
		want := func(right bool, format string, args ...any) {
			f.want(right, "oidc %d: %s", n+1, fmt.Sprintf(format, args...))
		}
		known := slices.Contains(oidcPresets, o.Preset)
		want(known, "preset: one of %q (got %q)", oidcPresets[1:], o.Preset)
		want(o.Preset != "" || o.Issuer != "", "issuer: needed, or a preset")
		want(!known || o.Preset+o.Issuer == "" || !issuers[o.Preset+o.Issuer], "the issuer is there twice: give one entry several client_ids")
		issuers[o.Preset+o.Issuer] = true
		for name, address := range map[string]string{"issuer": o.Issuer, "introspection": o.Introspection, "userinfo": o.Userinfo} {
			if address != "" {
				f.web(fmt.Sprintf("oidc %d: %s", n+1, name), address)
			}
		}
		want(len(o.Audiences)+len(o.ClientIDs) > 0, "audiences or client_ids: needed: tokens that were given for another service are not for this one")
		want(!slices.Contains(slices.Concat(o.Audiences, o.ClientIDs, o.Claims, o.ACR), ""), "audiences, client_ids, claims, acr: no empty word")
		f.lasting(fmt.Sprintf("oidc %d: skew", n+1), o.Skew, 0, maxSkew)
		want(slices.Contains([]string{"", "never", "userinfo", "introspection"}, o.Ask), "ask: introspection, userinfo or never (got %q)", o.Ask)
		asks := o.Ask == "introspection" || o.Ask == "" && o.Preset != ""
		want(!asks || o.ClientID != "" && (o.ClientSecretFile != "" || o.Cert != ""), "client_id and client_secret_file (or cert, key): needed for introspection; ask = \"never\" does without")
		want((o.Cert == "") == (o.Key == ""), "cert and key go together")
	}
}
