package card

// Cursor walks the values of one attribute. It does what Values does and allocates nothing, for those who look at every card of an
// address book. The zero Cursor has no value.
type Cursor struct{ rest []byte }

// Look returns a cursor on the values of an attribute.
func (c Card) Look(a Attr) Cursor {
	if len(c.raw) == 0 {
		return Cursor{}
	}
	rest, _ := skip(c.raw[1:])
	for len(rest) > 0 {
		attr := Attr(rest[0])
		values, after, _ := cut(rest[1:])
		if attr == a {
			return Cursor{values}
		}
		rest = after
	}
	return Cursor{}
}

// Next returns the next value, not to be changed, and whether there was one.
func (v *Cursor) Next() (value []byte, ok bool) {
	if len(v.rest) == 0 {
		return nil, false
	}
	value, v.rest, ok = cut(v.rest)
	return value, ok
}

// Empty reports whether there is no card: the zero Card.
func (c Card) Empty() bool { return len(c.raw) == 0 }
