package peers

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// marionette speaks the protocol by which Thunderbird is driven: "length:[0, id, command, parameters]" over TCP.
type marionette struct {
	conn net.Conn
	in   *bufio.Reader
	id   int
}

func (m *marionette) read() (message []json.RawMessage, err error) {
	size, err := m.in.ReadString(':')
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(strings.TrimSuffix(size, ":"))
	if err != nil {
		return nil, err
	}
	text := make([]byte, n)
	if _, err = io.ReadFull(m.in, text); err == nil && text[0] == '[' {
		err = json.Unmarshal(text, &message)
	}
	return message, err
}

// do sends a command and returns its value.
func (m *marionette) do(t *testing.T, command string, parameters map[string]any) any {
	t.Helper()
	m.id++
	text, err := json.Marshal([]any{0, m.id, command, parameters})
	if err != nil {
		t.Fatal(err)
	}
	_ = m.conn.SetDeadline(time.Now().Add(90 * time.Second))
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(text), text); err != nil {
		t.Fatal(err)
	}
	answer, err := m.read()
	if err != nil || len(answer) != 4 {
		t.Fatalf("%s: %v %s", command, err, answer)
	}
	if string(answer[2]) != "null" {
		t.Fatalf("%s: %s", command, answer[2])
	}
	var value struct{ Value any }
	_ = json.Unmarshal(answer[3], &value)
	return value.Value
}

// script runs the body of a function in the program's own context: it resolves to what it calls back.
func (m *marionette) script(t *testing.T, body string, args ...any) any {
	t.Helper()
	return m.do(t, "WebDriver:ExecuteAsyncScript", map[string]any{"script": body, "args": args, "scriptTimeout": 60000})
}

// thunderbird starts Thunderbird itself, without a window, adds the address book as its settings do, and types.
func (s *served) thunderbird(t *testing.T) {
	program(t, "thunderbird", "thunderbird")
	profile := s.dir + "/profile"
	if err := os.Mkdir(profile, 0o700); err != nil {
		t.Fatal(err)
	}
	address := freePort(t)
	s.write(t, "profile/user.js", fmt.Sprintf("user_pref('marionette.port', %s);\nuser_pref('app.update.enabled', false);\nuser_pref('datareporting.policy.dataSubmissionEnabled', false);\n"+
		"user_pref('network.dns.disabled', true);\nuser_pref('mail.provider.enabled', false);\nuser_pref('mail.spotlight.firstRunDone', true);\n", address[strings.LastIndexByte(address, ':')+1:]))
	cmd := exec.Command("thunderbird", "--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile)
	cmd.Env = append(os.Environ(), "HOME="+s.dir, "MOZ_HEADLESS=1")
	runGroup(t, cmd)
	m := &marionette{}
	waitFor(t, "Thunderbird", func() (err error) {
		if m.conn, err = net.Dial("tcp", address); err == nil {
			m.in = bufio.NewReader(m.conn)
			_ = m.conn.SetDeadline(time.Now().Add(30 * time.Second))
			_, err = m.read()
		}
		return err
	})
	defer func() { _ = m.conn.Close() }()
	m.do(t, "WebDriver:NewSession", map[string]any{})
	m.do(t, "Marionette:SetContext", map[string]any{"value": "chrome"})
	book := m.script(t, addBook, s.fill("{url}/{base}??sub?(objectclass=*)"))
	for rule, typed := range map[string]string{
		"the beginning of a surname": s.one.sn[:5], "a whole surname": strings.ToLower(s.one.sn), "given name and surname": s.one.given + " " + s.one.sn,
		"surname and given name": s.one.sn + " " + s.one.given, "the middle of a surname": strings.ToLower(s.one.sn[1:]),
	} {
		t.Run("completes "+rule, func(t *testing.T) { s.among(t, typed, m.script(t, complete, book, typed)) })
	}
	for rule, words := range map[string][]any{"one word": {s.one.sn}, "two words": {s.one.given, s.one.sn}, "an address": {s.one.mail}} {
		t.Run("searches "+rule, func(t *testing.T) { s.among(t, fmt.Sprint(words), m.script(t, search, book, words)) })
	}
	t.Run("finds nobody where there is nobody", func(t *testing.T) {
		if got, _ := m.script(t, search, book, []any{"zzqxzzqx"}).([]any); len(got) != 0 {
			t.Error(got)
		}
	})
	t.Run("a user who types stars breaks nothing", func(t *testing.T) {
		m.script(t, complete, book, "***")
		s.among(t, s.one.sn, m.script(t, complete, book, s.one.sn))
	})
}

func (s *served) among(t *testing.T, asked string, got any) {
	t.Helper()
	list, _ := got.([]any)
	if !slices.ContainsFunc(list, func(v any) bool { return strings.Contains(strings.ToLower(fmt.Sprint(v)), s.one.mail) }) {
		t.Errorf("%q: %v, want %s among them", asked, got, s.one.mail)
	}
}

const addBook = `
const [url, done] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const id = MailServices.ab.newAddressBook("Annuaire", url, Ci.nsIAbManager.LDAP_DIRECTORY_TYPE);
Services.prefs.setBoolPref("ldap_2.autoComplete.useDirectory", true);
Services.prefs.setCharPref("ldap_2.autoComplete.directoryServer", id);
done(id);`

const complete = `
const [id, text, done] = arguments;
const engine = Cc["@mozilla.org/autocomplete/search;1?name=ldap"].createInstance(Ci.nsIAutoCompleteSearch);
engine.startSearch(text, JSON.stringify({ idKey: "", type: "addr_to" }), null, {
  onSearchResult(search, result) {
    if (result.searchResult == Ci.nsIAutoCompleteResult.RESULT_SUCCESS_ONGOING) return;
    const out = [];
    for (let i = 0; i < result.matchCount; i++) out.push(result.getValueAt(i));
    done(out);
  },
});`

const search = `
const [id, words, done] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { getModelQuery, generateQueryURI } = ChromeUtils.importESModule("resource:///modules/ABQueryUtils.sys.mjs");
const query = generateQueryURI(getModelQuery("mail.addr_book.quicksearchquery.format"), words).replace(/^\?/, "");
const found = [];
MailServices.ab.getDirectoryFromId(id).search(query, words.join(" "), {
  onSearchFoundCard(card) { found.push(card.displayName + " <" + card.primaryEmail + ">"); },
  onSearchFinished(status) { done(found); },
});`
