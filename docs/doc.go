// Package docs holds no code: its tests hold the pages against the program, the repository and each other. The commands of every page are
// run as they stand, links lead somewhere, and what a page names (a flag, a setting, a test, a module) exists.
package docs
