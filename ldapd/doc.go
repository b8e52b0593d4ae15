// Package ldapd is the LDAP front (RFC 4511): a read-only address book over what the directory publishes, for mail clients, MTAs and
// software. It speaks BER itself (ldapd/ber), knows names and attributes (ldapd/dn, ldapd/schema, ldapd/filter), and asks a Directory for
// candidates, each of which it tries against the filter before it is shown.
//
// Whatever a stranger sends has a limit: messages, controls, filters, requests in flight, connections, time, candidates, entries. One
// connection that has not authenticated costs at most 1 MiB. Nothing of a question or an answer is logged.
package ldapd
