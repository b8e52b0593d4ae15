package oidc

// The presets of the configuration.
const (
	PresetPSC        = "pro-sante-connect"
	PresetPSCSandbox = "pro-sante-connect-bas" // bac à sable
)

// Presets are the addresses of Pro Santé Connect. That of the sandbox stands in the documentation of LemonLDAP::NG for Pro Santé Connect and in
// tokens that its own tools show; that of production follows it (auth.esw… for auth.bas.esw…) and stands in several public programs. Neither was
// verified against the live service: discovery refuses one that does not call itself so, and issuer in the configuration overrides it.
var Presets = map[string]Issuer{
	PresetPSC:        {Name: PresetPSC, URL: "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet", Ask: AskIntrospection},
	PresetPSCSandbox: {Name: PresetPSCSandbox, URL: "https://auth.bas.esw.esante.gouv.fr/auth/realms/esante-wallet", Ask: AskIntrospection},
}
