// Package obs is what lets an operator see the service from outside: the set-up of structured logs, the request identifier
// that ties the lines of one request together, and the registry of component health behind /readyz.
//
// It is a leaf: every other package may import it and it imports none of them but mask. It never writes names, queries or addresses;
// its callers must not hand it any.
package obs
