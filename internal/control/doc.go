// Package control is the administrator's door to a running server: a Unix socket, control.sock, in the data directory, with
// mode 0600, so that whoever may read the data may use it and nobody else. Commands run by name with JSON arguments, report
// events while they run and end with a result or an error; plain HTTP requests reach the REST front.
//
// A command of the command line on a data directory first calls the socket; ErrNoServer tells it to open the directory itself.
package control
