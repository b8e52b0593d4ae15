package dispatch

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"annuaire"
)

// received is a message as a mail program reads it.
type received struct {
	header  mail.Header
	subject string
	parts   map[string]string
	raw     string
}

// receive writes a message and reads it with the parsers of the standard library.
func receive(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, tp *template, to, id, link string) received {
	var b bytes.Buffer
	if err := tp.write(&b, to, id, link); err != nil {
		t.Fatal(err)
	}
	raw := b.String()
	if strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\n") || strings.Contains(raw, "\r\n.\r\n") || !strings.HasSuffix(raw, "\r\n") {
		t.Fatalf("not fit for SMTP: %q", raw)
	}
	for l := range strings.SplitSeq(raw, "\r\n") {
		if len(l) > 998 || strings.HasPrefix(l, ".") && !strings.HasPrefix(l, "..") {
			t.Fatalf("a line that SMTP does not take: %q", l)
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(strings.ReplaceAll(raw, "\r\n..", "\r\n.")))
	if err != nil {
		t.Fatal(err)
	}
	out := received{header: m.Header, parts: map[string]string{}, raw: raw}
	if out.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/alternative" {
		t.Fatal(media, err)
	}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.SplitSeq(string(body), "\r\n") {
			if len(l) > 76 {
				t.Fatalf("a line of %d signs", len(l))
			}
		}
		plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		out.parts[kind] = strings.ReplaceAll(string(plain), "\r\n", "\n")
	}
}

func sample() annuaire.Alert {
	return annuaire.Alert{ID: "2026-007", AlertDraft: tidy(draft()), Approved: time.Date(2026, 11, 26, 14, 0, 0, 0, time.UTC)}
}

var headerNames = []string{"Auto-Submitted", "Content-Type", "Date", "From", "List-Id", "Message-Id", "Mime-Version", "Subject", "To", "X-Alerte", "X-Priority"}

func TestMessage(t *testing.T) {
	l := letterhead()
	l.Training, l.Links = false, true
	a := sample()
	at := a.Approved
	m := receive(t, l.compose(a, false, at), "a@b.fr", "2026-007.1.ff@x.fr", "https://alertes.example.fr/v1/alerts/2026-007/acknowledge/AAAA_-")
	t.Run("the header has what it must have, once, and nothing else", func(t *testing.T) {
		var got []string
		for k, v := range m.header {
			got = append(got, k)
			if len(v) != 1 {
				t.Errorf("%s: %q", k, v)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, headerNames) || m.header.Get("To") != "<a@b.fr>" || m.header.Get("Message-Id") != "<2026-007.1.ff@x.fr>" || m.header.Get("From") != `"DGS" <`+sender+">" || m.header.Get("X-Priority") != "1" {
			t.Errorf("%q %v", got, m.header)
		}
	})
	t.Run("the subject has the number and the title", func(t *testing.T) {
		if m.subject != "DGS n° 2026-007 : Rougeole dans le Rhône" {
			t.Error(m.subject)
		}
	})
	t.Run("the summary comes before the text, in both forms", func(t *testing.T) {
		for kind, body := range m.parts {
			if s, x := strings.Index(body, "Vérifiez le statut vaccinal."), strings.Index(body, "Des cas groupés"); s < 0 || x < s {
				t.Errorf("%s: %s", kind, body)
			}
		}
	})
	t.Run("the link to acknowledge is whole in both forms, and shows where it leads", func(t *testing.T) {
		link := "https://alertes.example.fr/v1/alerts/2026-007/acknowledge/AAAA_-"
		if !strings.Contains(m.parts["text/plain"], "\n"+link+"\n") || !strings.Contains(m.parts["text/html"], `<a href="`+link+`">`+link+`</a>`) {
			t.Error(m.parts)
		}
	})
	t.Run("both say the legal basis, until when it holds, and that no password is asked for", func(t *testing.T) {
		for kind, body := range m.parts {
			for _, want := range []string{"L. 4001-2", "Valable jusqu", "mot de passe", "gravité : grave", "agir immédiatement"} {
				if !strings.Contains(body, want) {
					t.Errorf("%s: no %q", kind, want)
				}
			}
		}
	})
	t.Run("a full link of the text is a link in HTML", func(t *testing.T) {
		if !strings.Contains(m.parts["text/html"], `<a href="https://sante.gouv.fr/rougeole">https://sante.gouv.fr/rougeole</a> pour`) {
			t.Error(m.parts["text/html"])
		}
	})
	for _, tt := range []struct {
		rule     string
		edit     func(*Letterhead, *annuaire.Alert)
		trial    bool
		subject  string
		inBodies string
	}{
		{"an exercise says EXERCICE", func(_ *Letterhead, a *annuaire.Alert) { a.Status = annuaire.StatusExercise }, false, "[EXERCICE] DGS n°", "ceci n'est pas une alerte réelle"},
		{"a test says TEST", func(_ *Letterhead, a *annuaire.Alert) { a.Status = annuaire.StatusTest }, false, "[TEST] DGS n°", "TEST technique"},
		{"a training instance says FORMATION first", func(l *Letterhead, a *annuaire.Alert) { l.Training, a.Status = true, annuaire.StatusExercise }, false, "[FORMATION] [EXERCICE] DGS", "FORMATION : message"},
		{"a test send says ESSAI", func(*Letterhead, *annuaire.Alert) {}, true, "[ESSAI] DGS n°", "ne diffusez pas"},
		{"an update says of what", func(_ *Letterhead, a *annuaire.Alert) { a.Kind, a.Refers = annuaire.KindUpdate, "2026-003" }, false, "[MISE À JOUR] DGS", "MISE À JOUR de l'alerte 2026-003"},
		{"a cancellation says of what", func(_ *Letterhead, a *annuaire.Alert) { a.Kind, a.Refers = annuaire.KindCancel, "2026-003" }, false, "[ANNULATION] DGS", "ANNULATION de l'alerte 2026-003"},
		{"the highest severity says URGENT", func(_ *Letterhead, a *annuaire.Alert) { a.Severity = annuaire.SeverityExtreme }, false, "[URGENT] DGS", "gravité : extrême"},
		{"English comes after French", func(_ *Letterhead, a *annuaire.Alert) {
			a.Title.EN, a.Summary.EN, a.Text.EN = "Measles", "Check.", "Clusters."
		}, false, "DGS n°", "severity: severe"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			l, a := l, a
			tt.edit(&l, &a)
			m := receive(t, l.compose(a, tt.trial, at), "a@b.fr", "x@y", "https://x.fr/l")
			text, page := m.parts["text/plain"], strings.ReplaceAll(m.parts["text/html"], "&#39;", "'")
			if !strings.HasPrefix(m.subject, tt.subject) || !strings.Contains(text, tt.inBodies) || !strings.Contains(page, tt.inBodies) {
				t.Errorf("%q\n%s\n%s", m.subject, text, page)
			}
		})
	}
	t.Run("without a public address there is no link", func(t *testing.T) {
		l := l
		l.Links = false
		if m := receive(t, l.compose(a, false, at), "a@b.fr", "x@y", ""); strings.Contains(m.parts["text/plain"], "Confirmez") {
			t.Error(m.parts["text/plain"])
		}
	})
	t.Run("an issuer with signs of its own does not break the sender", func(t *testing.T) {
		l := l
		l.Issuer = `DGS, "Centre" <x@y.fr>`
		m := receive(t, l.compose(a, false, at), "a@b.fr", "x@y", "")
		from, err := m.header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != sender || from[0].Name != l.Issuer {
			t.Error(err, from)
		}
	})
}

// Whatever passes the rules arrives as it was written, and adds no header and no element.
func TestMessageIsWhatWasWritten(t *testing.T) {
	l := letterhead()
	l.Links = true
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{".", "..", "\n.\n", "=", "=3D", "--=_annuaire-alerte--", "\n\n", "é", "<b>", "</p>", "&amp;", "\r\n.\r\n", "Bcc: x@y.fr", "?= =?utf-8?q?", "https://sante.gouv.fr/a?b=c&d"}))
		text := func(name string, most int) string {
			s := strings.Join(rapid.SliceOfN(piece, 1, 12).Draw(t, name), rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "glue"))
			s = strings.Map(func(r rune) rune { // what the rules refuse is for other tests
				if r == '\n' && name != "title" || unicode.IsGraphic(r) {
					return r
				}
				return -1
			}, s)
			if r := []rune(s); len(r) > most {
				s = string(r[:most])
			}
			return s
		}
		d := draft()
		d.Title.FR, d.Summary.FR, d.Text.FR = text("title", maxTitle), text("summary", maxSummary), text("text", 2000)
		d = tidy(d)
		if wellFormed(d) != nil || complete(d, time.Now()) != nil {
			t.Skip("refused")
		}
		a := annuaire.Alert{ID: "2026-007", AlertDraft: d}
		m := receive(t, l.compose(a, false, time.Now()), "a@b.fr", "x@y", "https://x.fr/l")
		if len(m.header) != len(headerNames) || !strings.HasSuffix(m.subject, " : "+d.Title.FR) {
			t.Fatalf("%q %v", m.subject, m.header)
		}
		if body := m.parts["text/plain"]; !strings.Contains(body, "\n\n"+d.Summary.FR+"\n\n"+d.Text.FR+"\n\n") {
			t.Fatalf("%q", body)
		}
		for _, tag := range regexp.MustCompile(`</?[a-zA-Z!][a-zA-Z0-9]*`).FindAllString(m.parts["text/html"], -1) {
			if name := strings.TrimLeft(tag, "</"); !slices.Contains(append([]string{"!DOCTYPE", "html", "head", "meta", "title", "body", "div"}, elements...), name) {
				t.Fatalf("element %q", name)
			}
		}
		if n := strings.Count(m.parts["text/html"], "<b>"); n > 0 {
			t.Fatalf("%d elements of the author's text", n)
		}
	})
}

// What remains after simpleHTML is what the sanitiser keeps too: nothing that was approved is taken out on the way.
func FuzzSimpleHTML(f *testing.F) {
	for _, s := range []string{"<p>x</p>", `<a href="https://a.fr">https://a.fr</a>`, "<script>", "<p><b>x</i>", "a<br/>b", "&lt;script&gt;", "<p", "<a href=https://a.fr>https://a.fr</a >", "<svg/onload=x>", "<P>X</P>"} {
		f.Add(s)
	}
	attr := regexp.MustCompile(`<[a-z0-9]+ [^>]*>`)
	f.Fuzz(func(t *testing.T, s string) {
		if line("html", s, maxHTML, true) != nil || simpleHTML("html", s) != nil {
			return
		}
		out := policy.Sanitize(s)
		for _, tag := range attr.FindAllString(out, -1) {
			if !strings.HasPrefix(tag, `<a href="https://`) {
				t.Fatalf("%q from %q", tag, s)
			}
		}
		if strings.Contains(strings.ToLower(out), "<script") {
			t.Fatal(out)
		}
	})
}

// capSchema is the order in which the schema of CAP 1.2 wants the elements of alert and info, with what each may be.
var capSchema = map[string][]struct{ name, pattern string }{
	"alert": {{"identifier", `^[^\s,<&]+$`}, {"sender", `^[^\s,<&]+$`}, {"sent", capDate}, {"status", `^(Actual|Exercise|System|Test|Draft)$`}, {"msgType", `^(Alert|Update|Cancel|Ack|Error)$`},
		{"source?", `.`}, {"scope", `^(Public|Restricted|Private)$`}, {"restriction?", `.`}, {"addresses?", `.`}, {"code*", `.`}, {"note?", `.`}, {"references?", `^[^\s,]+,[^\s,]+,[^\s,]+$`}, {"incidents?", `.`}, {"info*", ``}},
	"info": {{"language?", `^[a-z]{2}(-[A-Z]{2})?$`}, {"category+", `^Health$`}, {"event", `.`}, {"responseType*", `.`}, {"urgency", `^(Immediate|Expected|Future|Past|Unknown)$`},
		{"severity", `^(Extreme|Severe|Moderate|Minor|Unknown)$`}, {"certainty", `^(Observed|Likely|Possible|Unlikely|Unknown)$`}, {"audience?", `.`}, {"eventCode*", ``}, {"effective?", capDate}, {"onset?", capDate},
		{"expires?", capDate}, {"senderName?", `.`}, {"headline?", `.`}, {"description?", `.`}, {"instruction?", `.`}, {"web?", `.`}, {"contact?", `.`}, {"parameter*", ``}, {"resource*", ``}, {"area*", ``}},
}

// capDate is the pattern of the schema: an offset, never Z.
const capDate = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$`

type node struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
	Nodes   []node `xml:",any"`
}

// checkCAP holds a message against the sequence, the counts and the patterns of the schema.
func checkCAP(n node) error {
	rules, ok := capSchema[n.XMLName.Local]
	if !ok {
		return nil
	}
	if n.XMLName.Space != "urn:oasis:names:tc:emergency:cap:1.2" {
		return fmt.Errorf("namespace %q", n.XMLName.Space)
	}
	i := 0
	for _, r := range rules {
		name := strings.TrimRight(r.name, "?*+")
		count := 0
		for ; i < len(n.Nodes) && n.Nodes[i].XMLName.Local == name; i++ {
			count++
			if !regexp.MustCompile(`(?s)` + r.pattern).MatchString(n.Nodes[i].Text) {
				return fmt.Errorf("%s: %q", name, n.Nodes[i].Text)
			}
			if err := checkCAP(n.Nodes[i]); err != nil {
				return err
			}
		}
		one, some := name == r.name, strings.HasSuffix(r.name, "+")
		if one && count != 1 || some && count < 1 || strings.HasSuffix(r.name, "?") && count > 1 {
			return fmt.Errorf("%d of %s", count, r.name)
		}
	}
	if i < len(n.Nodes) {
		return fmt.Errorf("%s is out of place", n.Nodes[i].XMLName.Local)
	}
	return nil
}

func TestCAP(t *testing.T) {
	l := letterhead()
	l.Training = false
	earlier := sample()
	earlier.ID = "2026-003"
	for _, tt := range []struct {
		rule string
		edit func(*Letterhead, *annuaire.Alert)
		want []string
	}{
		{"an alert for the public", func(*Letterhead, *annuaire.Alert) {}, []string{"<status>Actual<", "<scope>Public<", "<msgType>Alert<", "<severity>Severe<", "<sent>2026-11-26T15:00:00+01:00<"}},
		{"an alert for professionals alone is restricted", func(_ *Letterhead, a *annuaire.Alert) { a.Public = false }, []string{"<scope>Restricted<", "<restriction>"}},
		{"an exercise", func(_ *Letterhead, a *annuaire.Alert) { a.Status = annuaire.StatusExercise }, []string{"<status>Exercise<", "<note>EXERCICE"}},
		{"whatever a training instance says is a test", func(l *Letterhead, _ *annuaire.Alert) { l.Training = true }, []string{"<status>Test<", "<note>FORMATION"}},
		{"what is not approved is a draft", func(_ *Letterhead, a *annuaire.Alert) { a.Approved = time.Time{} }, []string{"<status>Draft<"}},
		{"an update names what it updates", func(_ *Letterhead, a *annuaire.Alert) { a.Kind, a.Refers = annuaire.KindUpdate, "2026-003" },
			[]string{"<msgType>Update<", "<references>" + sender + ",alerte.2026-003.dgs.formation.mssante.fr,2026-11-26T15:00:00+01:00<"}},
		{"two languages are two infos", func(_ *Letterhead, a *annuaire.Alert) {
			a.Title.EN, a.Summary.EN, a.Text.EN = "Measles & more", "Check.", "Clusters <here>."
		}, []string{"<language>en<", "Measles &amp; more", "Clusters &lt;here&gt;."}},
	} {
		t.Run(tt.rule+" is as the schema wants it", func(t *testing.T) {
			l, a := l, sample()
			tt.edit(&l, &a)
			var ref *annuaire.Alert
			if a.Refers != "" {
				ref = &earlier
			}
			b, err := l.cap(a, ref)
			if err != nil {
				t.Fatal(err)
			}
			var n node
			if err := xml.Unmarshal(b, &n); err != nil {
				t.Fatal(err)
			}
			if err := checkCAP(n); err != nil {
				t.Errorf("%v\n%s", err, b)
			}
			for _, w := range tt.want {
				if !strings.Contains(string(b), w) {
					t.Errorf("no %q\n%s", w, b)
				}
			}
		})
	}
	t.Run("the check finds what is wrong", func(t *testing.T) {
		for _, bad := range []string{`<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><sender>x</sender><identifier>y</identifier></alert>`, `<alert><identifier>y</identifier></alert>`} {
			var n node
			if err := xml.Unmarshal([]byte(bad), &n); err != nil || checkCAP(n) == nil {
				t.Error(err, bad)
			}
		}
	})
}
