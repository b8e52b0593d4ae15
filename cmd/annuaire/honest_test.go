package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// patience is how long a client waits for an answer before it gives up: far longer than it takes, but that the machine may have much else to do.
const patience = 30 * time.Second

// honest asks questions whose answers are known, again and again, over REST and LDAP, with TLS and without.
type honest struct {
	s     *siege
	next  atomic.Int64
	known map[string]string // answers by "scheme question"

	mu     sync.Mutex
	lasted []time.Duration
	fault  error
}

// honest asks each question once, while nobody else does.
func (s *siege) honest(t *testing.T) *honest {
	t.Helper()
	h := &honest{s: s, known: map[string]string{}}
	var page struct {
		Next  string
		Items []struct {
			ID        string
			Family    string
			Mailboxes []struct{ Address string }
		}
	}
	_, body := fetch(t, http.DefaultClient, s.url+"/v1/professionals?has_mailbox=true&limit=3&fields=id,family,mailboxes", "")
	if err := json.Unmarshal([]byte(body), &page); err != nil || len(page.Items) != 3 || page.Next == "" {
		t.Fatal(err, body)
	}
	_, s.cursor, _ = strings.Cut(page.Next, "cursor=")
	questions := map[string][]string{"http": {"/v1/professionals?q=dr+martin&limit=1", "/v1/professionals?profession=médecin&limit=2&facets=department", "/v1/structures?limit=2", "/v1/suggest?q=mart"},
		"ldap": {"(cn=*mart*)", "(&(codeProfession=10)(sn=D*))"}}
	for _, it := range page.Items {
		questions["http"] = append(questions["http"], "/v1/professionals/"+it.ID, "/v1/mailboxes/"+it.Mailboxes[0].Address)
		questions["ldap"] = append(questions["ldap"], "(sn="+it.Family+")", "(mail="+it.Mailboxes[0].Address+")")
	}
	for scheme, all := range questions {
		for _, scheme := range []string{scheme, scheme + "s"} {
			for _, q := range all {
				answer, err := h.ask(scheme, q)
				if err != nil || len(answer) < 50 {
					t.Fatal(scheme, q, answer, err)
				}
				h.known[scheme+" "+q] = answer
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
	return h
}

// dial connects from one address after the other, so that limits by address are for strangers alone.
func (h *honest) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	from := net.Dialer{Timeout: patience, LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+h.next.Add(1)%250))}}
	return from.DialContext(ctx, network, addr)
}

// ask asks one question on a connection of its own; the answer is without what differs each time.
func (h *honest) ask(scheme, question string) (string, error) {
	if strings.HasPrefix(scheme, "ldap") {
		return h.find(scheme, question)
	}
	client := http.Client{Timeout: patience, Transport: &http.Transport{DialContext: h.dial, DisableKeepAlives: true, TLSClientConfig: h.s.pair.believing()}}
	res, err := client.Get(scheme + "://" + h.s.at[scheme] + question)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		return "", fmt.Errorf("%d: %s: %w", res.StatusCode, body, err)
	}
	var said map[string]any
	if err := json.Unmarshal(body, &said); err != nil {
		return "", err
	}
	delete(said, "took_ms")
	plain, err := json.Marshal(said)
	return string(plain), err
}

// find asks for the entries of a filter.
func (h *honest) find(scheme, filter string) (string, error) {
	nc, err := h.dial(context.Background(), "tcp", h.s.at[scheme])
	if err != nil {
		return "", err
	}
	if scheme == "ldaps" {
		nc = tls.Client(nc, h.s.pair.believing())
	}
	c := ldap.NewConn(nc, scheme == "ldaps")
	c.Start()
	defer c.Close()
	c.SetTimeout(patience)
	res, err := c.Search(ldap.NewSearchRequest(mailboxes, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 20, 0, false, filter, []string{"cn", "mail"}, nil))
	if err != nil && !ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded) {
		return "", err
	}
	var out []string
	for _, e := range res.Entries {
		out = append(out, e.DN+" "+strings.Join(e.GetAttributeValues("cn"), ",")+" "+e.GetAttributeValue("mail"))
	}
	return strings.Join(out, "\n"), nil
}

// once asks everything once more.
func (h *honest) once(t *testing.T) {
	t.Helper()
	for _, scheme := range []string{"http", "https", "ldap", "ldaps"} {
		h.round(scheme)
	}
	if h.fault != nil {
		t.Fatal(h.fault)
	}
}

// round asks all questions of a scheme.
func (h *honest) round(scheme string) {
	for of, want := range h.known {
		on, question, _ := strings.Cut(of, " ")
		if on != scheme {
			continue
		}
		began := time.Now()
		got, err := h.ask(scheme, question)
		if err == nil && got != want {
			err = fmt.Errorf("%.300s, want %.300s", got, want)
		}
		h.mu.Lock()
		h.lasted = append(h.lasted, time.Since(began))
		if err != nil {
			h.fault = errors.Join(h.fault, fmt.Errorf("%s after %s: %w", of, time.Since(began), err))
		}
		h.mu.Unlock()
	}
}

// goOn asks until the function it returns is called, which says how it went.
func (h *honest) goOn() func(t *testing.T) {
	var wait sync.WaitGroup
	ended := make(chan struct{})
	for _, scheme := range []string{"http", "https", "ldap", "ldaps"} {
		wait.Go(func() {
			for {
				h.round(scheme)
				select {
				case <-ended:
					return
				default:
				}
			}
		})
	}
	return func(t *testing.T) {
		t.Helper()
		close(ended)
		wait.Wait()
		slices.Sort(h.lasted)
		n := len(h.lasted)
		t.Logf("%d honest questions: half of them answered in %s, 99 of 100 in %s, all in %s", n, h.lasted[n/2], h.lasted[n*99/100], h.lasted[n-1])
		if h.fault != nil {
			t.Errorf("%.10000s", h.fault)
		}
	}
}
