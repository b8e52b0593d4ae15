package registry

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"annuaire"
	"annuaire/internal/store"
)

// ETag returns the entity tag of a box, quoted: another one for every change, and for a box that was deleted and registered again.
func (*Registry) ETag(b annuaire.Registered) string { return tagOf(b) }

func tagOf(b annuaire.Registered) string {
	h := fnv.New64a()
	if v, err := store.Encode(b); err == nil { // a box that was read can be written
		_, _ = h.Write(v)
	}
	return fmt.Sprintf(`"%d-%x"`, b.Version, h.Sum64())
}

// matches compares what a caller believes (If-Match: tags, or "*" for any box that is there) with what is there; "" believes nothing.
func matches(ifMatch string, b annuaire.Registered, there bool) error {
	switch {
	case ifMatch == "", ifMatch == annuaire.IfAbsent && !there:
		return nil
	case ifMatch == annuaire.IfAbsent:
		return annuaire.Errorf(annuaire.CodePrecondition, "If-None-Match", "cette BAL est déjà inscrite", "this mailbox is registered already", nil).Because("already_registered")
	}
	if there && hasTag(ifMatch, tagOf(b)) {
		return nil
	}
	return annuaire.Errorf(annuaire.CodePrecondition, "If-Match", "cette BAL a changé depuis que vous l'avez lue : relisez-la",
		"this mailbox has changed since you read it: read it again", nil).Because("etag_stale")
}

// versionTag is the entity tag of a version of what is no box.
func versionTag(version uint64) string { return `"` + strconv.FormatUint(version, 10) + `"` }

// matched compares If-Match, which is needed, with the version of what is there.
func matched(ifMatch string, version uint64) error {
	switch {
	case strings.TrimSpace(ifMatch) == "":
		return errETagMissing
	case !hasTag(ifMatch, versionTag(version)):
		return errETagStale
	}
	return nil
}

// hasTag reports whether one of the tags of If-Match is the one given, or stands for any (RFC 9110, 13.1.1: compared strongly).
func hasTag(ifMatch, tag string) bool {
	for t := range strings.SplitSeq(ifMatch, ",") {
		if t = strings.TrimSpace(t); t == "*" || t == tag {
			return true
		}
	}
	return false
}
