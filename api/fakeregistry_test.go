package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"annuaire"
	"annuaire/internal/mailaddr"
)

// fakeRegistry keeps boxes in memory and judges nothing but whose they are and tags.
type fakeRegistry struct {
	mu    sync.Mutex
	boxes map[string]annuaire.Registered
	asked []string // what was read, by whom
	fail  error    // of PutMany, after its first box
}

func newRegistry(boxes ...annuaire.Registered) *fakeRegistry {
	f := &fakeRegistry{boxes: map[string]annuaire.Registered{}}
	for _, b := range boxes {
		b.Version = 1
		f.boxes[b.Address] = b
	}
	return f
}

func ruled(code annuaire.Code, rule, op string) error {
	return annuaire.Errorf(code, op, "en français", "in English", nil).Because(rule)
}

func (f *fakeRegistry) put(who annuaire.Caller, b annuaire.Registered, match string) (annuaire.Registered, bool, bool, error) {
	a, err := mailaddr.Parse(b.Address)
	if err != nil {
		return b, false, false, ruled(annuaire.CodeInvalid, "address_invalid", "address")
	}
	if b.Address = a.String(); !who.Operates(a.Domain) && !who.Has(annuaire.RoleAdmin) {
		return b, false, false, ruled(annuaire.CodeForbidden, "domain_not_yours", "address")
	}
	if b.Kind == "" {
		return b, false, false, ruled(annuaire.CodeInvalid, "kind_unknown", "kind")
	}
	old, there := f.boxes[b.Address]
	if match == annuaire.IfAbsent && there || match != "" && match != annuaire.IfAbsent && (!there || match != f.ETag(old)) {
		return b, false, false, ruled(annuaire.CodePrecondition, "etag_stale", "If-Match")
	}
	b.Version, b.Created, b.Changed, b.Operator = old.Version, old.Created, old.Changed, a.Domain
	if there && b == old {
		return old, false, false, nil
	}
	b.Version++
	b.Created, b.Changed = extractTime, extractTime
	f.boxes[b.Address] = b
	return b, !there, true, nil
}

func (f *fakeRegistry) Put(_ context.Context, who annuaire.Caller, b annuaire.Registered, match string) (annuaire.Registered, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out, created, _, err := f.put(who, b, match)
	return out, created, err
}

func (f *fakeRegistry) PutMany(_ context.Context, who annuaire.Caller, boxes []annuaire.Registered) (out []annuaire.BoxResult, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, b := range boxes {
		if f.fail != nil && i == 1 {
			return out, f.fail
		}
		var r annuaire.BoxResult
		r.Box, r.Created, r.Changed, r.Err = f.put(who, b, "")
		out = append(out, r)
	}
	return out, nil
}

func (f *fakeRegistry) find(who annuaire.Caller, address string) (annuaire.Registered, error) {
	f.asked = append(f.asked, who.ID+" "+address)
	b, ok := f.boxes[address]
	if ok && (mine(who, address) || who.Professional != "" && who.Professional == b.Holder) {
		return b, nil
	}
	return annuaire.Registered{}, annuaire.Errorf(annuaire.CodeNotFound, "address", "inconnu de l'annuaire", "not in the directory", nil)
}

func (f *fakeRegistry) Patch(_ context.Context, who annuaire.Caller, address string, p annuaire.MailboxPatch, match string) (annuaire.Registered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(who, address)
	if err != nil {
		return b, err
	}
	if match != "" && match != f.ETag(b) {
		return b, ruled(annuaire.CodePrecondition, "etag_stale", "If-Match")
	}
	if p.RedList != nil && who.Professional != "" {
		b.RedListHolder = *p.RedList
	} else if p.RedList != nil {
		b.RedListOperator = *p.RedList
	}
	b.Version++
	f.boxes[address] = b
	return b, nil
}

func (f *fakeRegistry) Delete(_ context.Context, who annuaire.Caller, address, match string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := f.find(who, address)
	switch {
	case err != nil:
		return err
	case match == "":
		return ruled(annuaire.CodePrecondition, "etag_missing", "If-Match")
	case match != f.ETag(b):
		return ruled(annuaire.CodePrecondition, "etag_stale", "If-Match")
	}
	delete(f.boxes, address)
	return nil
}

func (f *fakeRegistry) Box(_ context.Context, who annuaire.Caller, address string) (annuaire.Registered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find(who, address)
}

func (f *fakeRegistry) History(ctx context.Context, who annuaire.Caller, address string) ([]annuaire.BoxEvent, error) {
	if _, err := f.Box(ctx, who, address); err != nil {
		return nil, err
	}
	return []annuaire.BoxEvent{{Time: extractTime, What: "create", By: "operator", Fields: []string{"kind"}}}, nil
}

func (f *fakeRegistry) BoxesOf(_ context.Context, who annuaire.Caller) (out []annuaire.Registered, err error) {
	return f.BoxesIn(context.Background(), who, nil, "", 1<<30, func(b *annuaire.Registered) bool { return b.Holder == who.Professional })
}

func (f *fakeRegistry) BoxesIn(_ context.Context, who annuaire.Caller, domains []string, after string, n int, keep func(*annuaire.Registered) bool) (out []annuaire.Registered, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, fmt.Sprint(who.ID, " list ", domains))
	for _, b := range f.boxes {
		_, domain, _ := strings.Cut(b.Address, "@")
		if (domains == nil || slices.Contains(domains, domain)) && b.Address > after && keep(&b) {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b annuaire.Registered) int { return strings.Compare(a.Address, b.Address) })
	return out[:min(n, len(out))], nil
}

func (f *fakeRegistry) Indicators(_ context.Context, domains []string, from, to time.Time) (out []annuaire.Indicators, err error) {
	for _, d := range domains {
		out = append(out, annuaire.Indicators{Domain: d, From: from, To: to, Boxes: map[annuaire.MailboxKind]int{"PER": 2}, Created: 1})
	}
	return out, nil
}

func (f *fakeRegistry) HandOver(_ context.Context, _ annuaire.Caller, s annuaire.Staff) (bool, error) {
	if s.Contact == "" {
		return false, ruled(annuaire.CodeInvalid, "contact_required", "contact")
	}
	return true, nil
}

func (f *fakeRegistry) ETag(b annuaire.Registered) string {
	return fmt.Sprintf("%q", fmt.Sprint(b.Version))
}

// fakeEligibility knows one person who may, and nobody else.
type fakeEligibility struct{}

func (fakeEligibility) Eligibility(_ context.Context, _ annuaire.Caller, id string) (annuaire.Eligibility, error) {
	if id == "899012345679" {
		return annuaire.Eligibility{ID: id, Eligible: true, Cards: extractTime}, nil
	}
	return annuaire.Eligibility{ID: id, Reasons: []string{annuaire.ReasonUnknown}}, nil
}

// fakeAnswers keeps answers in memory.
type fakeAnswers struct{ kept map[string]annuaire.Answer }

func (f fakeAnswers) Begin(who, key string, print []byte) (*annuaire.Answer, error) {
	if a, ok := f.kept[who+key]; ok {
		if a.Header["print"] != string(print) {
			return nil, ruled(annuaire.CodeConflict, "idempotency_other_content", headerIdempotent)
		}
		out := a
		out.Header = map[string]string{"Content-Type": a.Header["Content-Type"], "Etag": a.Header["ETag"]}
		return &out, nil
	}
	return nil, nil
}

func (f fakeAnswers) End(who, key string, print []byte, a *annuaire.Answer) error {
	if a != nil {
		kept := *a
		kept.Header["print"] = string(print)
		f.kept[who+key] = kept
	}
	return nil
}

// boxServer is a server with a registry.
func boxServer(r Registry) *Server {
	return New(Options{Directory: newFake(), Now: func() time.Time { return extractTime }, Tokens: someTokens{}, Syncs: fakeSyncs{}, Registry: r, Eligibilities: fakeEligibility{}, Answers: fakeAnswers{map[string]annuaire.Answer{}}})
}
