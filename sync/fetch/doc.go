// Package fetch brings the national extracts here from where they are published: the service of the ANS, its mirror on data.gouv.fr, or
// any address that serves the same files.
//
// A source is a list of addresses that together make a set. Probe tells which version each of them has without a download; Fetch
// downloads those versions into a folder of its own, where a part of one survives the process and is gone on with (RFC 9110, 14)
// while the version is the same. What a source sends is believed only once its length, the checksum published with it and, for an
// archive, its table of contents agree; the CRC of each member is checked when it is unpacked (sync/extract).
//
// A source that is slow, overloaded or away is asked again with growing, random waits and as long as it asks for itself
// (Retry-After). One that answers something else than an extract is not asked again. TLS is always verified; redirects lead to known
// hosts only, and never from HTTPS to HTTP.
package fetch
