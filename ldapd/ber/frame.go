package ber

import "errors"

// What can be wrong with an element.
var (
	errTruncated  = errors.New("ber: the element ends before its length")
	errIndefinite = errors.New("ber: indefinite length (RFC 4511, 5.1)")
	errLength     = errors.New("ber: a length of more than four octets")
	ErrTooLong    = errors.New("ber: longer than allowed")
	errTag        = errors.New("ber: another tag than expected")
	errValue      = errors.New("ber: not a value of its type")
)

// header reads the identifier and length octets at the beginning of b. size is how many octets these are, n the declared length of what
// follows. errTruncated when b ends first.
func header(b []byte) (tag byte, size, n int, err error) {
	if len(b) < 2 {
		if len(b) == 1 && b[0]&0x1f == 0x1f {
			return 0, 0, 0, errTag
		}
		return 0, 0, 0, errTruncated
	}
	tag = b[0]
	if tag&0x1f == 0x1f { // a tag number of several octets: LDAP has none
		return 0, 0, 0, errTag
	}
	l := b[1]
	if l < 0x80 {
		return tag, 2, int(l), nil
	}
	octets := int(l & 0x7f)
	switch {
	case octets == 0:
		return 0, 0, 0, errIndefinite
	case octets > 4:
		return 0, 0, 0, errLength
	case len(b) < 2+octets:
		return 0, 0, 0, errTruncated
	}
	var length uint32
	for _, o := range b[2 : 2+octets] {
		length = length<<8 | uint32(o)
	}
	if length > 1<<31-1 {
		return 0, 0, 0, ErrTooLong
	}
	return tag, 2 + octets, int(length), nil
}

// Frame looks at the beginning of a stream of elements of tag: how many octets the first one takes, or 0 when b does not hold its header
// yet. It is an error, known from the first octets on, when the element has another tag, no definite length, or takes more than limit
// octets.
func Frame(b []byte, tag byte, limit int) (int, error) {
	if len(b) > 0 && b[0] != tag {
		return 0, errTag
	}
	_, size, n, err := header(b)
	switch {
	case errors.Is(err, errTruncated):
		return 0, nil
	case err != nil:
		return 0, err
	case n > limit-size:
		return 0, ErrTooLong
	}
	return size + n, nil
}
