package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// Limits of a batch. Half a million boxes fit many times over.
const (
	maxBatchBytes = 1 << 30
	maxBatchLine  = 16 << 10
	maxBatchLines = 2_000_000
	batchPart     = 500 // boxes registered together
	maxBatches    = 2   // at a time, of all clients
)

// The rules of a line that no box comes of.
const (
	ruleLineInvalid = "line_invalid"
	ruleLineTooLong = "line_too_long"
	ruleBatchFailed = "batch_interrupted"
)

// batchRun is a batch under way.
type batchRun struct {
	s       *Server
	c       echo.Context
	who     annuaire.Caller
	en      bool
	out     *spool
	lines   []int
	boxes   []annuaire.Registered
	summary annuaire.BatchSummary
}

// mailboxBatch registers many boxes: one JSON object a line, each as the body of a PUT with its address. A line that is refused stops
// nothing. The report comes when all is read, and all it says is durable; who loses it sends the same again, which changes nothing.
func (s *Server) mailboxBatch(c echo.Context) error {
	if media, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); err != nil || media != mimeNDJSON && media != "application/jsonl" {
		return annuaire.Invalid("Content-Type", "une fiche JSON par ligne est attendue : Content-Type: application/x-ndjson", "one JSON object a line is expected: Content-Type: application/x-ndjson").Because(ruleLineInvalid)
	}
	select {
	case s.batches <- struct{}{}:
		defer func() { <-s.batches }()
	default:
		return annuaire.Errorf(annuaire.CodeUnavailable, "", "d'autres lots sont en cours : réessayez dans quelques instants", "other batches are under way: try again shortly", nil)
	}
	out := &spool{}
	defer out.close()
	b := &batchRun{s: s, c: c, who: callerOf(c), en: english(c.Request()), out: out, summary: annuaire.BatchSummary{Complete: true}}
	if err := b.read(c.Request().Context()); err != nil {
		return err
	}
	if err := out.line(struct {
		Summary annuaire.BatchSummary `json:"summary"`
	}{b.summary}); err != nil {
		return err
	}
	return out.send(c)
}

// read takes the lines as they come. An error is of the request before anything was done; later ones are in the report.
func (b *batchRun) read(ctx context.Context) error {
	in := bufio.NewReaderSize(b.c.Request().Body, maxBatchLine)
	rc := http.NewResponseController(b.c.Response())
	for n := 1; ; n++ {
		if n%batchPart == 1 {
			// It may take long, but not stand still. A recorder in a test has no deadline.
			_ = rc.SetReadDeadline(time.Now().Add(writeTimeout))
			_ = rc.SetWriteDeadline(time.Now().Add(10 * writeTimeout))
		}
		line, long, err := batchText(in)
		switch {
		case errors.Is(err, io.EOF):
			return b.flush(ctx)
		case err != nil || n > maxBatchLines:
			if n == 1 {
				return bodyFault(err)
			}
			b.summary.Complete = false
			return b.flush(ctx)
		case len(bytes.TrimSpace(line)) == 0 && !long:
			continue
		}
		b.summary.Lines++
		if err := b.take(ctx, n, line, long); err != nil {
			return err
		}
		if !b.summary.Complete {
			return nil
		}
	}
}

// batchText returns the next line; long for one that is too long to be a box, of which nothing is kept.
func batchText(in *bufio.Reader) (line []byte, long bool, err error) {
	line, err = in.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = in.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && (len(line) > 0 || long) {
		err = nil
	}
	return line, long, err
}

// take keeps a line for its part, or reports at once that it holds no box.
func (b *batchRun) take(ctx context.Context, n int, text []byte, long bool) error {
	var body boxBody
	err := error(annuaire.Invalid("line", "ligne trop longue : %d octets au plus", "line too long: %d bytes at most", maxBatchLine).Because(ruleLineTooLong))
	if !long {
		err = strictly(text, &body)
	}
	if err != nil {
		if err := b.flush(ctx); err != nil { // the report is in the order of the lines
			return err
		}
		line := annuaire.BatchLine{Line: n}
		b.refuse(&line, err)
		return b.out.line(line)
	}
	b.lines, b.boxes = append(b.lines, n), append(b.boxes, body.registered(body.Address, b.s.opts.Now()))
	if len(b.boxes) < batchPart {
		return nil
	}
	return b.flush(ctx)
}

// strictly reads a line as the body of a PUT is read.
func strictly(line []byte, body *boxBody) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	err := dec.Decode(body)
	if err == nil {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return annuaire.Invalid("line", "la ligne contient autre chose après l'objet JSON", "the line holds something after the JSON object").Because(ruleLineInvalid)
	}
	var f *fault
	if errors.As(bodyFault(err), &f) {
		return annuaire.Errorf(f.err.Code, f.err.Op, f.err.Message, f.err.English, nil).Because(ruleLineInvalid)
	}
	return err
}

// flush registers the lines kept and reports them.
func (b *batchRun) flush(ctx context.Context) error {
	if len(b.boxes) == 0 {
		return nil
	}
	results, err := b.s.opts.Registry.PutMany(ctx, b.who, b.boxes)
	for i, n := range b.lines {
		line := annuaire.BatchLine{Line: n, Address: shownAddress(b.boxes[i].Address)}
		switch {
		case i >= len(results):
			b.summary.Complete = false
			line.Outcome, line.Rule, line.Detail = annuaire.BatchFailed, ruleBatchFailed, problemOf(b.c.Request(), err).Detail
		case results[i].Err != nil:
			b.refuse(&line, results[i].Err)
		default:
			line.Address = results[i].Box.Address
			b.count(&line, results[i])
		}
		if err := b.out.line(line); err != nil {
			return err
		}
	}
	b.lines, b.boxes = b.lines[:0], b.boxes[:0]
	return nil
}

// count notes that a box was registered.
func (b *batchRun) count(line *annuaire.BatchLine, r annuaire.BoxResult) {
	switch {
	case r.Created:
		line.Outcome = "created"
		b.summary.Created++
	case r.Changed:
		line.Outcome = "changed"
		b.summary.Changed++
	default:
		line.Outcome = "unchanged"
		b.summary.Unchanged++
	}
}

// refuse notes the rule that a line breaks.
func (b *batchRun) refuse(line *annuaire.BatchLine, err error) {
	b.summary.Refused++
	line.Outcome = annuaire.BatchRefused
	var e *annuaire.Error
	if errors.As(err, &e) {
		line.Rule, line.Parameter, line.Detail = e.Rule, e.Op, wording{e.Message, e.English}.in(b.en)
	}
}

// shownAddress repeats an address to whoever sent it, but for that of a patient.
func shownAddress(address string) string {
	if mailaddr.Patient(address) {
		return ""
	}
	return echoed(address)
}
