package extract

import (
	"path"
	"regexp"
	"strings"
	"time"
)

// The names under which the ANS (with a 12-digit timestamp) and data.gouv.fr (without) publish. Both write the same stem, one
// with underscores, the other with hyphens.
var (
	peopleName  = regexp.MustCompile(`(?i)^ps[-_]libreacces[-_](personne[-_]activite|savoirfaire|dipl[-_]autexerc)(?:[-_](\d{12}))?\.txt$`)
	mailboxName = regexp.MustCompile(`(?i)^extraction[-_]correspondance[-_]mssante(?:[-_](\d{12}))?\.txt$`)
	archiveName = regexp.MustCompile(`(?i)^(?:ps[-_]libreacces|extraction[-_]correspondance[-_]mssante).*\.zip$`)
	stampSuffix = regexp.MustCompile(`[-_](\d{12})\.[A-Za-z]+$`)
)

// stampLayout is YYYYMMDDHHMM, the time of generation at the ANS, which the directory takes as UTC.
const stampLayout = "200601021504"

// recognise tells from its base name which extract a text file is and, if the name says so, of when. ok is false for any other
// name, and for a name whose digits are no date.
func recognise(base string) (k Kind, stamp time.Time, dated, ok bool) {
	digits := ""
	if m := peopleName.FindStringSubmatch(base); m != nil {
		switch strings.ToLower(m[1][:1]) {
		case "p":
			k = Activities
		case "s":
			k = Skills
		default:
			k = Diplomas
		}
		digits = m[2]
	} else if m := mailboxName.FindStringSubmatch(base); m != nil {
		k, digits = Mailboxes, m[1]
	} else {
		return 0, time.Time{}, false, false
	}
	if digits == "" {
		return k, time.Time{}, false, true
	}
	stamp, err := time.Parse(stampLayout, digits)
	return k, stamp, err == nil, err == nil
}

// stampOf returns the timestamp at the end of a file name, if there is one.
func stampOf(base string) (time.Time, bool) {
	m := stampSuffix.FindStringSubmatch(base)
	if m == nil {
		return time.Time{}, false
	}
	t, err := time.Parse(stampLayout, m[1])
	return t, err == nil
}

// safeMember reports whether the name of a ZIP member stays below the folder it would be unpacked in. Nothing here is written
// under a member's name; an archive that holds such a name was made to harm, and is refused whole.
func safeMember(name string) bool {
	if name == "" || strings.ContainsAny(name, "\\\x00") || path.IsAbs(name) {
		return false
	}
	if len(name) >= 2 && name[1] == ':' { // a Windows drive
		return false
	}
	for _, part := range strings.Split(name, "/") {
		if part == ".." {
			return false
		}
	}
	return true
}
