package schema

import (
	"bytes"
	"unicode/utf8"

	"annuaire/ldapd/match"
)

// Syntax is an LDAP syntax (RFC 4517, 3.3).
type Syntax struct {
	OID, Desc string
	valid     func(v []byte) bool // nil: anything
}

// Valid reports whether v may be a value. It looks at characters, not at structure: rules look closer.
func (s *Syntax) Valid(v []byte) bool { return s.valid == nil || s.valid(v) }

const arc = "1.3.6.1.4.1.1466.115.121.1."

func text(v []byte) bool      { return len(v) > 0 && utf8.Valid(v) }
func ia5(v []byte) bool       { return match.ASCII(v) }
func printable(v []byte) bool { return len(v) > 0 && match.Printable(v) }
func numeric(v []byte) bool {
	return len(v) > 0 && bytes.IndexFunc(v, func(r rune) bool { return r != ' ' && (r < '0' || r > '9') }) < 0
}
func country(v []byte) bool { return len(v) == 2 && match.Printable(v) }
func boolean(v []byte) bool { return string(v) == "TRUE" || string(v) == "FALSE" }
func integer(v []byte) bool { _, ok := match.Integer(nil, v); return ok }
func moment(v []byte) bool  { _, ok := match.Time(nil, v); return ok }
func uuid(v []byte) bool    { _, ok := match.UUID(nil, v); return ok }

// syntaxes are the syntaxes of the attribute types and rules below.
var syntaxes = []*Syntax{
	{arc + "3", "Attribute Type Description", text},
	{arc + "4", "Audio", nil},
	{arc + "5", "Binary", nil},
	{arc + "6", "Bit String", nil},
	{arc + "7", "Boolean", boolean},
	{arc + "8", "Certificate", nil},
	{arc + "11", "Country String", country},
	{arc + "12", "DN", utf8.Valid},
	{arc + "14", "Delivery Method", text},
	{arc + "15", "Directory String", text},
	{arc + "22", "Facsimile Telephone Number", text},
	{arc + "23", "Fax", nil},
	{arc + "24", "Generalized Time", moment},
	{arc + "25", "Guide", text},
	{arc + "26", "IA5 String", ia5},
	{arc + "27", "INTEGER", integer},
	{arc + "28", "JPEG", nil},
	{arc + "30", "Matching Rule Description", text},
	{arc + "31", "Matching Rule Use Description", text},
	{arc + "36", "Numeric String", numeric},
	{arc + "37", "Object Class Description", text},
	{arc + "38", "OID", text},
	{arc + "40", "Octet String", nil},
	{arc + "41", "Postal Address", text},
	{arc + "44", "Printable String", printable},
	{arc + "50", "Telephone Number", printable},
	{arc + "51", "Teletex Terminal Identifier", text},
	{arc + "52", "Telex Number", text},
	{arc + "54", "LDAP Syntax Description", text},
	{arc + "58", "Substring Assertion", text},
	{"1.3.6.1.1.16.1", "UUID", uuid},
}
