// Package web is the public page: it turns answers of the directory into HTML, and into a card (vCard) to keep.
//
// It asks nothing. The front that serves it (api) reads the parameters and asks the directory as it does for REST, and hands over what
// was found: a page cannot show what REST would not, and there is no second way to query. It knows the domain alone.
//
// Every page works without JavaScript; site.js and htmx (0BSD, embedded) add suggestions while typing and the copy buttons. Pages load
// nothing from elsewhere, set no cookie, and are sent under Policy. French is the language of the pages; under Prefix they are in English,
// the words side by side in the templates: {{.T "français" "English"}}.
package web
