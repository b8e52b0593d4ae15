// Package relay hands messages over to the SMTP relay of the operator, fast: connections stay open, the envelope is one write where the
// relay takes PIPELINING (RFC 2920), and of a message only what differs between recipients is written anew. Greeting, TLS and
// authentication are those of net/smtp.
//
// It knows one message at a time and nothing of alerts: who is tried again, and when, is for others.
package relay
