package filter

import (
	"bytes"

	"annuaire/ldapd/schema"
)

// Description reads an attribute description: a type and its options (RFC 4512, 2.5). known is false for a type or an option that is not: assertions
// about it are Undefined. held is false for options that nothing here bears, the languages of RFC 3866: assertions about them are False.
func Description(desc []byte) (t *schema.AttributeType, held, known bool) {
	name, options, some := bytes.Cut(desc, []byte{';'})
	if t = schema.Lookup(name); t == nil {
		return nil, false, false
	}
	for some {
		var option []byte
		option, options, some = bytes.Cut(options, []byte{';'})
		if len(option) < 6 || !bytes.EqualFold(option[:5], []byte("lang-")) {
			return t, false, false
		}
		for _, c := range option[5:] {
			if c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
				return t, false, false
			}
		}
	}
	return t, len(name) == len(desc), true
}
