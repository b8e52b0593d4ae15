// Package ber reads and writes the subset of BER that LDAP uses (RFC 4511, 5.1): one-octet tags, definite lengths. Lengths need not be
// minimal: Windows clients write each as 84 00 00 00 nn. Reading allocates nothing, so no declared length can make it; every length is
// checked against the bytes that are there. Writing appends, and fills lengths in afterwards.
package ber
