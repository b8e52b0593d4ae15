package obs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"

	"annuaire/internal/mask"
)

// maxRequestID is the longest identifier taken over from a client, in bytes.
const maxRequestID = 64

type requestIDKey struct{}

// NewRequestID returns a fresh identifier: 16 hexadecimal digits, random so that it says nothing of the traffic.
func NewRequestID() string {
	for {
		var b [8]byte
		rand.Read(b[:]) // never fails (crypto/rand, Go 1.24)
		if id := hex.EncodeToString(b[:]); ValidRequestID(id) {
			return id
		}
	}
}

// ValidRequestID reports whether an identifier sent by a client may be taken over: 1 to 64 ASCII letters, digits, ".", "_"
// and "-". Anything else would let a client write into the logs.
func ValidRequestID(s string) bool {
	if s == "" || len(s) > maxRequestID {
		return false
	}
	foreign := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '.' && r != '_' && r != '-'
	}
	return !strings.ContainsFunc(s, foreign) && mask.String(s) == s // what logs would not show as it was told to the client is of no use
}

// WithRequestID returns a context that carries the identifier.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the identifier that ctx carries, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}
