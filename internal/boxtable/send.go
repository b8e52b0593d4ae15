package boxtable

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"annuaire"
)

// sent is what became of the rows of a table: the lines of the file by the lines of the batch, and what was not sent.
type sent struct {
	lines []int
	bad   []annuaire.BatchLine
	err   error
}

// Import sends a table row by row to post, which is a request of POST /v1/mailboxes/batch, and reports as the server does. Rows that no box can
// be made of are not sent, and reported as refused.
func Import(in io.Reader, out *Report, post func(rows io.Reader) (io.ReadCloser, error)) (annuaire.BatchSummary, error) {
	t, err := Open(in)
	if err != nil {
		return annuaire.BatchSummary{}, err
	}
	rows, w := io.Pipe()
	done := make(chan sent, 1)
	go func() {
		s := t.send(w)
		_ = w.CloseWithError(s.err) // nil ends the body
		done <- s
	}()
	answer, err := post(rows)
	_ = rows.Close() // whatever became of the request, the sender ends
	s := <-done
	if err != nil {
		return annuaire.BatchSummary{}, errors.Join(err, s.err)
	}
	defer answer.Close()
	if s.err != nil {
		return annuaire.BatchSummary{}, s.err
	}
	return out.merge(answer, s)
}

// send writes the rows as the lines of a batch.
func (t *Table) send(w io.Writer) (s sent) {
	buf := bufio.NewWriterSize(w, 64<<10)
	for {
		err := t.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			s.err = buf.Flush()
			return s
		case errors.As(err, &bad):
			s.bad = append(s.bad, annuaire.BatchLine{Line: t.line, Outcome: annuaire.BatchRefused, Rule: "line_invalid", Detail: bad.Error()})
			continue
		case err != nil:
			s.err = err
			return s
		}
		b, err := json.Marshal(t.row)
		if err == nil {
			_, err = buf.Write(append(b, '\n'))
		}
		if err != nil {
			s.err = err
			return s
		}
		s.lines = append(s.lines, t.line)
	}
}
