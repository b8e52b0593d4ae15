package spool

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"time"
)

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
	Hash      string    `cbor:"5,keyasint"`
	At        time.Time `cbor:"6,keyasint"`
}

// Hasher computes the hash of a list: SHA-256 of its addresses in byte order, one a line. `sort -u addresses | sha256sum` under LC_ALL=C
// gives the same.
type Hasher struct{ h hash.Hash }

// NewHasher returns the Hasher of an empty list.
func NewHasher() Hasher { return Hasher{sha256.New()} }

// Add takes the next address.
func (h Hasher) Add(address string) {
	h.h.Write([]byte(address))
	h.h.Write([]byte{'\n'})
}

// Sum returns the hash in hexadecimal.
func (h Hasher) Sum() string { return hex.EncodeToString(h.h.Sum(nil)) }
