package extract

// maxID is the length of the longest national identifier: "8" + RPPS.
const maxID = 12

// KeyOf packs a national identifier of 1 to 12 ASCII letters and digits into a number, in base 37 with 0 for "nothing" on the
// right: keys compare as identifiers do (as strings, upper case). ok is false for anything else; no identifier has key 0.
func KeyOf(nationalID string) (key uint64, ok bool) { return keyOf(nationalID) }

func keyOf[T string | []byte](id T) (uint64, bool) {
	if len(id) == 0 || len(id) > maxID {
		return 0, false
	}
	var key uint64
	for i := range len(id) {
		d := digit37(id[i])
		if d == 0 {
			return 0, false
		}
		key = key*37 + uint64(d)
	}
	for range maxID - len(id) {
		key *= 37
	}
	return key, true
}

func digit37(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0' + 1
	case 'A' <= c && c <= 'Z':
		return c - 'A' + 11
	case 'a' <= c && c <= 'z':
		return c - 'a' + 11
	}
	return 0
}

// IDOf returns the identifier, in upper case, that KeyOf packed into key; "" for a number that is not a key.
func IDOf(key uint64) string {
	var b [maxID]byte
	n := 0
	for i := maxID - 1; i >= 0; i-- {
		d := byte(key % 37)
		key /= 37
		switch {
		case d == 0 && n > 0: // a hole
			return ""
		case d == 0:
			continue
		case d <= 10:
			b[i] = '0' + d - 1
		default:
			b[i] = 'A' + d - 11
		}
		n = max(n, i+1)
	}
	if key != 0 {
		return ""
	}
	return string(b[:n])
}
