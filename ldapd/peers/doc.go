// Package peers holds no code of the product: its tests hold the LDAP front against programs that others wrote. They answer, or ask, what the front
// does: OpenLDAP's slapd as the oracle of a differential test, and the clients that people use (make test-clients). A test of a program that is
// not installed is skipped and says what to install.
package peers
