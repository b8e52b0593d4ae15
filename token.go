package annuaire

import "time"

// Token is an API token as it is kept: never its secret, only the SHA-256 of it.
type Token struct {
	ID      string    `json:"id" cbor:"1,keyasint"` // six letters and digits, to name it by
	Name    string    `json:"name" cbor:"2,keyasint"`
	Roles   []Role    `json:"roles" cbor:"3,keyasint"`
	Domains []string  `json:"domains,omitempty" cbor:"4,keyasint,omitempty"`
	Created time.Time `json:"created" cbor:"5,keyasint"`
	Expires time.Time `json:"expires" cbor:"6,keyasint"`
	Revoked time.Time `json:"revoked,omitzero" cbor:"7,keyasint"`
	Hash    []byte    `json:"-" cbor:"8,keyasint"`

	Operator string `json:"operator,omitempty" cbor:"9,keyasint,omitempty"` // whose it is (RoleOperator); "" of tokens from before operators had names
}

// TokenRequest is a token to make.
type TokenRequest struct {
	Name     string        `json:"name"`
	Roles    []Role        `json:"roles"`
	Operator string        `json:"operator,omitempty"` // whose it is; "" is the operator of its domains, else Name
	Domains  []string      `json:"domains"`            // of an operator; none is all that the configuration gives to Operator
	Life     time.Duration `json:"life"`               // 0 is a year

	By Caller `json:"-"` // who makes it, for the audit
}
