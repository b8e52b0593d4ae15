package extract

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// MaxRejectRow is how many bytes of a rejected row are kept.
const MaxRejectRow = 64 << 10

const reasonLong = "line too long"

// Reject is a row that was not used, and why. Row is as in the file, byte for byte, without the line end, cut after
// MaxRejectRow bytes; Size is its whole length. It holds personal data: it belongs in a file of mode 0600, not in a log.
type Reject struct {
	File   string // File.Name
	Line   int64  // from 1, the header's
	Reason string // in English, without personal data
	Size   int64
	Row    string
}

// RejectSink receives rejected rows. Calls for one table come one at a time, in the order of the file; several tables scanned
// at once may share a sink.
type RejectSink interface {
	Reject(Reject) error
}

// rejectJSON is Reject on disk. A row that is not UTF-8 cannot be a JSON string without loss: it goes into row_base64.
type rejectJSON struct {
	File   string `json:"file"`
	Line   int64  `json:"line"`
	Reason string `json:"reason"`
	Size   int64  `json:"size"`
	Row    string `json:"row,omitempty"`
	Base64 string `json:"row_base64,omitempty"`
}

// MarshalJSON writes the reject without loss.
func (r Reject) MarshalJSON() ([]byte, error) {
	out := rejectJSON{File: r.File, Line: r.Line, Reason: r.Reason, Size: r.Size, Row: r.Row}
	if !utf8.ValidString(r.Row) {
		out.Row, out.Base64 = "", base64.StdEncoding.EncodeToString([]byte(r.Row))
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Reject) UnmarshalJSON(b []byte) error {
	var in rejectJSON
	if err := json.Unmarshal(b, &in); err != nil {
		return fmt.Errorf("reject: %w", err)
	}
	if in.Base64 != "" {
		row, err := base64.StdEncoding.DecodeString(in.Base64)
		if err != nil {
			return fmt.Errorf("reject: row_base64: %w", err)
		}
		in.Row = string(row)
	}
	*r = Reject{File: in.File, Line: in.Line, Reason: in.Reason, Size: in.Size, Row: in.Row}
	return nil
}
