// Package schema is what the LDAP front knows of attribute types, object classes, matching rules and syntaxes (RFC 4512, 4), and how the
// subschema tells it to clients.
//
// Definitions are written as the RFCs write them, and read once: what is published is what is used. Standard ones are those of RFC 4512, 4519, 4524,
// 2798, 3045, 4530, 5020 and of Mozilla's address book; what clients of the national MSSanté directory read besides (DESIGN 9) is
// ours, under an OID made from a UUID. Attribute types that clients ask for and that nothing here ever holds are known all the same:
// an assertion about them is False, not Undefined, so that what is negated or combined with it works.
package schema
