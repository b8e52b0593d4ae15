package annuaire

// Answer is an answer to a request that bears an Idempotency-Key, as it was sent.
type Answer struct {
	Status int               `cbor:"1,keyasint"`           // of HTTP
	Header map[string]string `cbor:"2,keyasint,omitempty"` // those that belong to the answer
	Body   []byte            `cbor:"3,keyasint,omitempty"`
}
