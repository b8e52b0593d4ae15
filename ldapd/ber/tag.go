package ber

// Identifier octets of the universal types that LDAP uses.
const (
	Boolean     byte = 0x01
	Integer     byte = 0x02
	OctetString byte = 0x04
	Enumerated  byte = 0x0a
	Sequence    byte = 0x30
	Set         byte = 0x31
)

// Context is the identifier octet of a primitive element with tag [n], n below 31.
func Context(n byte) byte { return 0x80 | n }

// ContextC is the identifier octet of a constructed element with tag [n], n below 31.
func ContextC(n byte) byte { return 0xa0 | n }
