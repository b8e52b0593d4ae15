package dispatch

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"annuaire/internal/store"
)

// signer makes what only this instance can make: Message-IDs and links. Its key is in annuaire.db and never changes: both must hold for as
// long as messages are read.
type signer struct {
	key    []byte
	domain string // of Message-IDs
}

var keysTable = store.NewTable[[]byte]("alert-keys")

// openSigner reads the key, and makes it the first time.
func openSigner(l *store.Ledger, domain string) (s signer, err error) {
	s.domain = domain
	err = l.Update(func(tx *store.Tx) error {
		k, ok, err := keysTable.Get(tx, "1")
		if err != nil || ok {
			s.key = k
			return err
		}
		s.key = make([]byte, 32)
		if _, err := rand.Read(s.key); err != nil {
			return err
		}
		return keysTable.Put(tx, "1", s.key)
	})
	return s, err
}

func (s signer) sum(purpose, alert string, n uint32, more string) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(purpose + "\x00" + alert + "\x00" + more + "\x00"))
	h.Write(binary.BigEndian.AppendUint32(nil, n))
	return h.Sum(nil)[:16]
}

// trialMark is in the number of a test send: no list is as long.
const trialMark = 1 << 31

// messageID is the one Message-ID of the message of an alert to a recipient, without angle brackets; of a test send, of its text too.
func (s signer) messageID(alert string, n uint32, more string) string {
	return alert + "." + strconv.FormatUint(uint64(n), 10) + "." + hex.EncodeToString(s.sum("message", alert, n, more)) + "@" + s.domain
}

// readMessageID returns the number of the recipient that a Message-ID of an alert names; ok is false for one that is not ours.
func (s signer) readMessageID(alert, id string) (n uint32, ok bool) {
	local, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(id), "<>"), "@")
	parts := strings.Split(local, ".")
	if len(parts) != 3 || parts[0] != alert {
		return 0, false
	}
	v, err := strconv.ParseUint(parts[1], 10, 31)
	if err != nil {
		return 0, false
	}
	sum, err := hex.DecodeString(parts[2])
	return uint32(v), err == nil && hmac.Equal(sum, s.sum("message", alert, uint32(v), ""))
}

// link is what follows the address of an alert in a link to acknowledge it.
func (s signer) link(alert string, n uint32) string {
	b := binary.BigEndian.AppendUint32(nil, n)
	return base64.RawURLEncoding.EncodeToString(append(b, s.sum("acknowledge", alert, n, "")...))
}

// readLink is the inverse of link; ok is false for one that is not ours.
func (s signer) readLink(alert, link string) (n uint32, ok bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(link)
	if err != nil || len(b) != 20 {
		return 0, false
	}
	n = binary.BigEndian.Uint32(b)
	return n, hmac.Equal(b[4:], s.sum("acknowledge", alert, n, ""))
}
