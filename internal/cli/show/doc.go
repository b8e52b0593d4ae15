// Package show writes for a person, on a terminal, what the commands find: reports of runs, people, alerts, audiences, lines of the audit. What
// is written for everybody is French with English beside it; programs read JSON instead.
package show
