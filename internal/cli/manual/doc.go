// Package manual makes pages of the manual, section 1, of the commands of a program, from what their --help says.
package manual
