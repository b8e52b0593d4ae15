// Package alert is what the health authority does with the directory: it aims (package audience), sees whom an audience reaches, and
// freezes the list of recipients. It states what it needs of the directory and of the registry, and knows no front.
//
// What it says of mailboxes on the red list is counts, rounded for whoever may not see addresses; no list that such a caller gets, and no
// count of it, tells whether someone named has one.
package alert
