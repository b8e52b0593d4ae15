package spool

import "time"

// Recipient is one line of a frozen list.
type Recipient struct {
	_          struct{} `cbor:",toarray"`
	Address    string   // lower case; the key of the list
	ID         string   // IdNatPP; "" for a service
	Department string   // code; "" where the directory states none
	Profession string   // code
	RedListed  bool
}

// Meta is what is known of a list as a whole.
type Meta struct {
	Format    int       `cbor:"1,keyasint"`
	Alert     string    `cbor:"2,keyasint"`
	Count     int       `cbor:"3,keyasint"`
	RedListed int       `cbor:"4,keyasint"`
	Hash      string    `cbor:"5,keyasint"` // SHA-256 of the addresses in byte order, one a line, in hexadecimal: `sort -u addresses | sha256sum` under LC_ALL=C
	At        time.Time `cbor:"6,keyasint"`
}
