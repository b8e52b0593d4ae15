// Package api is the REST front of the directory: it reads parameters into an annuaire.Query, hands it to a Directory and
// writes the answer as JSON, or as an RFC 9457 problem.
//
// It imports the domain and leaf packages only. What it needs of others it declares here (Directory); cmd hands the
// implementations over. It holds no data of its own and decides nothing about what is published: whatever a Directory
// returns is public.
//
// One table (params.go) says which parameters exist, on which route, of which kind and about which logical field. It drives
// parsing, error messages and the page of documentation PARAMETERS.md, so that they cannot disagree.
//
// Nothing a client sends is logged: an access line holds the method, the pattern of the route, the status, the time taken
// and the request id.
package api
