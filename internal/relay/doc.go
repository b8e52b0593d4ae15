// Package relay is the one way to an SMTP relay: sessions, TLS, authentication, what an answer means. Alerts go through it by the hundred
// thousand (connections stay open, the envelope is one write where the relay takes PIPELINING, RFC 2920), notices and alarms one by one.
//
// It knows one message at a time and nothing of what it says: who is tried again, and when, is for others. What a relay says in words may
// name an address: of an answer, its codes alone leave this package.
package relay
