package ber

// Cursor is a place in a series of elements. It is a value: a copy remembers the place. What it returns points into the bytes it reads.
// After an error it stays where it was.
type Cursor struct{ rest []byte }

// Read starts at the beginning of b.
func Read(b []byte) Cursor { return Cursor{b} }

// Done reports whether nothing is left.
func (c *Cursor) Done() bool { return len(c.rest) == 0 }

// Rest returns the octets not read yet.
func (c *Cursor) Rest() []byte { return c.rest }

// Peek returns the identifier octet of the next element, 0 at the end.
func (c *Cursor) Peek() byte {
	if len(c.rest) == 0 {
		return 0
	}
	return c.rest[0]
}

// Next takes an element of any tag.
func (c *Cursor) Next() (tag byte, content []byte, err error) {
	tag, size, n, err := header(c.rest)
	if err != nil {
		return 0, nil, err
	}
	if n > len(c.rest)-size {
		return 0, nil, errTruncated
	}
	content = c.rest[size : size+n : size+n]
	c.rest = c.rest[size+n:]
	return tag, content, nil
}

// Take takes an element that must have this tag: errTag for another one.
func (c *Cursor) Take(tag byte) ([]byte, error) {
	if len(c.rest) > 0 && c.rest[0] != tag {
		return nil, errTag
	}
	_, content, err := c.Next()
	return content, err
}

// Enter takes a constructed element and returns a cursor on what it holds.
func (c *Cursor) Enter(tag byte) (Cursor, error) {
	content, err := c.Take(tag)
	return Cursor{content}, err
}

// Optional takes an element of this tag if it is the next one.
func (c *Cursor) Optional(tag byte) (content []byte, ok bool, err error) {
	if c.Peek() != tag || c.Done() {
		return nil, false, nil
	}
	content, err = c.Take(tag)
	return content, err == nil, err
}

// Int takes an INTEGER or ENUMERATED of at most eight octets; longer ones, leading zeros apart, are errValue.
func (c *Cursor) Int(tag byte) (int64, error) {
	before := *c
	content, err := c.Take(tag)
	if err != nil {
		return 0, err
	}
	n, err := ParseInt(content)
	if err != nil {
		*c = before
	}
	return n, err
}

// ParseInt reads the content of an INTEGER.
func ParseInt(content []byte) (int64, error) {
	if len(content) == 0 {
		return 0, errValue
	}
	for len(content) > 8 && (content[0] == 0 && content[1] < 0x80 || content[0] == 0xff && content[1] >= 0x80) { // not minimal
		content = content[1:]
	}
	if len(content) > 8 {
		return 0, errValue
	}
	n := int64(int8(content[0]))
	for _, o := range content[1:] {
		n = n<<8 | int64(o)
	}
	return n, nil
}

// Bool takes a BOOLEAN; anything but zero is true, although RFC 4511, 5.1 asks for FF.
func (c *Cursor) Bool(tag byte) (bool, error) {
	before := *c
	content, err := c.Take(tag)
	if err == nil && len(content) != 1 {
		*c, err = before, errValue
	}
	return err == nil && content[0] != 0, err
}
