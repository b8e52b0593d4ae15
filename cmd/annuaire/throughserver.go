package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"annuaire"
	"annuaire/internal/config"
	"annuaire/internal/control"
)

// maxAnswer bounds an answer that is read whole, in bytes.
const maxAnswer = 256 << 20

// throughServer asks a running server over its control socket, as an administrator of this machine. A problem comes back as the error it was;
// without a server, what to do about it.
func throughServer(c *cobra.Command, cfg config.Config, method, path string, headers map[string]string) (http.Header, []byte, error) {
	req, err := http.NewRequestWithContext(c.Context(), method, "http://annuaire"+path, nil)
	if err != nil {
		return nil, nil, err
	}
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	client := control.Client(socket(cfg))
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if errors.Is(err, control.ErrNoServer) {
		return nil, nil, annuaire.Errorf(annuaire.CodeUnavailable, "", "aucun serveur ne tourne sur "+cfg.Data+" : lancez annuaire serve", "no server runs on "+cfg.Data+": start annuaire serve", nil)
	}
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err == nil && res.StatusCode >= 300 {
		err = refusal(body)
	}
	return res.Header, body, err
}

// refusal is the error of a problem document, in both languages as far as one answer has them.
func refusal(body []byte) error {
	err := problem(http.StatusInternalServerError, body)
	var e *annuaire.Error
	var p struct{ Rule string }
	if errors.As(err, &e) && json.Unmarshal(body, &p) == nil {
		return e.Because(p.Rule)
	}
	return err
}

// printed writes an answer of JSON with line breaks, as people read it.
func printed(w io.Writer, body []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(bytes.TrimLeft(b.Bytes(), "\n"))
	return err
}
