package registry_test

import (
	"strings"
	"testing"

	"annuaire"
	"annuaire/internal/registry"
)

func org(local string) annuaire.Registered {
	return annuaire.Registered{Address: local + "@x.formation.mssante.fr", Kind: annuaire.KindORG, Structure: &annuaire.StructureID{Type: "FINESS", ID: "480000017"},
		Service: "Cardiologie", Responsible: "Mme Exemple", Description: "Secrétariat", Terms: "2026-01"}
}

// Every rule that a box may break: what breaks it, and what keeps it.
func TestRulesOfABox(t *testing.T) {
	d, r := opened(t)
	with := func(b annuaire.Registered, change func(*annuaire.Registered)) annuaire.Registered {
		change(&b)
		return b
	}
	yes := true
	for _, tt := range []struct {
		rule, broken string // "" is kept
		op           string
		box          annuaire.Registered
	}{
		{"a personal box needs no structure", "", "", per("kept1", anna)},
		{"and may have one", "", "", with(per("kept2", anna), func(b *annuaire.Registered) {
			b.Structure = &annuaire.StructureID{Type: "SIRET", ID: "264 800 017 00019"}
		})},
		{"names are compared without case, accents and signs", "", "", with(per("kept3", anna), func(b *annuaire.Registered) { b.Family, b.Given = "de la tour", "ANNA" })},
		{"a holder may be named by RPPS", "", "", with(per("kept4", anna), func(b *annuaire.Registered) { b.Holder = anna[1:] })},
		{"an ORG box has service, description and person responsible", "", "", org("kept5")},
		{"a CAB box has a holder and a structure", "", "", with(per("kept6", anna), func(b *annuaire.Registered) {
			b.Kind, b.Structure, b.Description = annuaire.KindCAB, &annuaire.StructureID{Type: "RPPS-rang", ID: "9900000000101"}, "Cabinet"
		})},
		{"a structure that the directory does not know is taken by its number", "", "", with(org("kept7"), func(b *annuaire.Registered) { b.Structure = &annuaire.StructureID{Type: "SIREN", ID: "999999999"} })},
		{"75 characters of description are taken", "", "", with(org("kept8"), func(b *annuaire.Registered) { b.Description = strings.Repeat("é", 75) })},

		{"there are four kinds", "kind_unknown", "kind", with(per("a", anna), func(b *annuaire.Registered) { b.Kind = "BAL" })},
		{"an address is one", "address_invalid", "address", with(per("a", anna), func(b *annuaire.Registered) { b.Address = "zélie@x.formation.mssante.fr" })},
		{"a patient's address is refused", annuaire.RulePatientAddress, "address", with(per("a", anna), func(b *annuaire.Registered) { b.Address = "185057800608436@patient.mssante.fr" })},
		{"a training instance takes training domains only", "training_only", "address", with(per("a", anna), func(b *annuaire.Registered) { b.Address = "a@x.mssante.fr" })},
		{"the domain is the caller's", "domain_not_yours", "address", with(per("a", anna), func(b *annuaire.Registered) { b.Address = "a@other.formation.mssante.fr" })},
		{"the domain is on the white list", "domain_not_listed", "address", with(per("a", anna), func(b *annuaire.Registered) { b.Address = "a@y.formation.mssante.fr" })},
		{"a personal box has a holder", "holder_required", "holder", with(per("a", anna), func(b *annuaire.Registered) { b.Holder = "" })},
		{"an ORG box has none", "holder_not_allowed", "holder", with(org("a"), func(b *annuaire.Registered) { b.Holder = anna })},
		{"a holder has a national identifier", "holder_invalid", "holder", with(per("a", anna), func(b *annuaire.Registered) { b.Holder = "12" })},
		{"a holder is in the directory", "holder_unknown", "holder", per("a", zoe)},
		{"a birth name is refused", "name_mismatch", "family", with(per("a", anna), func(b *annuaire.Registered) { b.Family = "NAISSANCE" })},
		{"half a name too", "name_mismatch", "family", with(per("a", anna), func(b *annuaire.Registered) { b.Family = "TOUR" })},
		{"another given name too", "name_mismatch", "given", with(per("a", anna), func(b *annuaire.Registered) { b.Given = "Annie" })},
		{"an ORG box has a structure", "structure_required", "structure", with(org("a"), func(b *annuaire.Registered) { b.Structure = nil })},
		{"a CAB box too", "structure_required", "structure", with(per("a", anna), func(b *annuaire.Registered) { b.Kind = annuaire.KindCAB })},
		{"a number is of its type", "structure_invalid", "structure", with(org("a"), func(b *annuaire.Registered) { b.Structure = &annuaire.StructureID{Type: "SIRET", ID: "480000017"} })},
		{"a type of number is known", "structure_invalid", "structure", with(org("a"), func(b *annuaire.Registered) { b.Structure = &annuaire.StructureID{Type: "FINES", ID: "480000017"} })},
		{"a personal box has no description", "description_not_for_per", "description", with(per("a", anna), func(b *annuaire.Registered) { b.Description = "x" })},
		{"nor a service", "service_not_for_kind", "service", with(per("a", anna), func(b *annuaire.Registered) { b.Service = "x" })},
		{"nor has a CAB box", "service_not_for_kind", "service", with(org("a"), func(b *annuaire.Registered) { b.Kind = annuaire.KindCAB })},
		{"nobody else is responsible for a personal box", "responsible_not_for_per", "responsible", with(per("a", anna), func(b *annuaire.Registered) { b.Responsible = "x" })},
		{"a description has 75 characters at most", "too_long", "description", with(org("a"), func(b *annuaire.Registered) { b.Description = strings.Repeat("é", 76) })},
		{"a service 90", "too_long", "service", with(org("a"), func(b *annuaire.Registered) { b.Service = strings.Repeat("é", 91) })},
		{"a person responsible 45", "too_long", "responsible", with(org("a"), func(b *annuaire.Registered) { b.Responsible = strings.Repeat("é", 46) })},
		{"a text is one line", "text_invalid", "service", with(org("a"), func(b *annuaire.Registered) { b.Service = "a\nb" })},
		{"a text is text", "text_invalid", "service", with(org("a"), func(b *annuaire.Registered) { b.Service = "a\xff" })},
		{"a text does not turn the writing around", "text_invalid", "service", with(org("a"), func(b *annuaire.Registered) { b.Service = "a\u202eb" })},
		{"a rank is from 1", "rank_invalid", "rank", with(per("a", anna), func(b *annuaire.Registered) { b.Rank = -1 })},
		{"and has an end", "rank_invalid", "rank", with(per("a", anna), func(b *annuaire.Registered) { b.Rank = annuaire.MaxRank + 1 })},
		{"a telephone number is one", "phone_invalid", "phone", with(per("a", anna), func(b *annuaire.Registered) { b.Phone = "poste 12" })},
		{"so is a mobile", "mobile_invalid", "otp_mobile", with(per("a", anna), func(b *annuaire.Registered) { b.OTPMobile = "15" })},
		{"only a personal box is delegable", "delegable_only_per", "delegable", with(org("a"), func(b *annuaire.Registered) { b.Delegable = &yes })},
		{"the terms are attested", "terms_missing", "terms", with(per("a", anna), func(b *annuaire.Registered) { b.Terms = "" })},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := policy
			if tt.broken == "domain_not_listed" {
				p.Listed = func(domain string) bool { return domain == "x.formation.mssante.fr" }
			}
			r.Configure(p)
			_, _, err := r.Put(ctx, operator, tt.box, "")
			if annuaire.RuleOf(err) != tt.broken || (err == nil) != (tt.broken == "") {
				t.Fatalf("%q: %v", annuaire.RuleOf(err), err)
			}
			if err == nil {
				return
			}
			if e := err.(*annuaire.Error); e.Op != tt.op || e.English == "" {
				t.Errorf("%q is at fault: %+v", tt.op, e)
			}
			for _, secret := range []string{"DE-LA", "TOUR", "Anna", "185057800608436"} {
				if tt.broken != "" && strings.Contains(err.Error(), secret) {
					t.Error("the message tells", secret)
				}
			}
		})
	}
	r.Configure(policy)
	t.Run("a production instance refuses training domains", func(t *testing.T) {
		_, _, err := registry.New(d, registry.Policy{}).Put(ctx, operator, per("a", anna), "")
		if annuaire.RuleOf(err) != "training_refused" {
			t.Error(err)
		}
	})
	t.Run("telephone numbers are kept in E.164", func(t *testing.T) {
		b := per("phone", anna)
		b.Phone, b.OTPMobile = "04 66 00 00 00", "+33 6 12 34 56 78"
		if got := put(t, r, b); got.Phone != "+33466000000" || got.OTPMobile != "+33612345678" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("the kind of a box does not change", func(t *testing.T) {
		b := org("kept5")
		b.Kind = annuaire.KindAPP
		_, _, err := r.Put(ctx, operator, b, "")
		if annuaire.RuleOf(err) != "kind_fixed" || annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
	t.Run("nor its holder", func(t *testing.T) {
		_, _, err := r.Put(ctx, operator, per("kept1", bea), "")
		if annuaire.RuleOf(err) != "holder_fixed" || annuaire.CodeOf(err) != annuaire.CodeConflict {
			t.Error(err)
		}
	})
	t.Run("deleting asks for the tag", func(t *testing.T) {
		if err := r.Delete(ctx, operator, "kept1@x.formation.mssante.fr", ""); annuaire.RuleOf(err) != "etag_missing" {
			t.Error(err)
		}
	})
	t.Run("of what is there now", func(t *testing.T) {
		b, err := r.Box(ctx, operator, "kept1@x.formation.mssante.fr")
		ok(t, err)
		stale := r.ETag(b)
		b.Rank = 2
		put(t, r, b)
		if err := r.Delete(ctx, operator, b.Address, stale); annuaire.RuleOf(err) != "etag_stale" || annuaire.CodeOf(err) != annuaire.CodePrecondition {
			t.Error(err)
		}
		if _, _, err := r.Put(ctx, operator, b, stale); annuaire.RuleOf(err) != "etag_stale" {
			t.Error(err)
		}
		now, err := r.Box(ctx, operator, b.Address)
		ok(t, err)
		ok(t, r.Delete(ctx, operator, b.Address, r.ETag(now)))
	})
	t.Run("the holder does not write what is the operator's", func(t *testing.T) {
		rank := 1
		_, err := r.Patch(ctx, holder(anna), "kept2@x.formation.mssante.fr", annuaire.MailboxPatch{Rank: &rank}, "")
		if annuaire.RuleOf(err) != "field_not_yours" {
			t.Error(err)
		}
	})
	sound(t, d)
}

func TestSocialCareStaff(t *testing.T) {
	d, r := opened(t)
	registrar := annuaire.Caller{ID: "reg", Roles: []annuaire.Role{annuaire.RoleRegistrar}}
	who := annuaire.Staff{ID: zoe, Family: "SOCIALE", Given: "Zoé", Contact: "zoe@example.org"}
	for _, tt := range []struct {
		rule, broken string
		caller       annuaire.Caller
		change       func(*annuaire.Staff)
	}{
		{"only a registrar hands over", "not_registrar", operator, func(*annuaire.Staff) {}},
		{"somebody with a national identifier", "holder_invalid", registrar, func(s *annuaire.Staff) { s.ID = "0123" }},
		{"a contact address is needed", "contact_required", registrar, func(s *annuaire.Staff) { s.Contact = " " }},
		{"that is an address", "contact_invalid", registrar, func(s *annuaire.Staff) { s.Contact = "zoe" }},
		{"and not an MSSanté one", "contact_mssante", registrar, func(s *annuaire.Staff) { s.Contact = "zoe@x.mssante.fr" }},
		{"nor one of Apicrypt's bridge", "contact_apicrypt", registrar, func(s *annuaire.Staff) { s.Contact = "zoe@interop-mssante.apicrypt.org" }},
		{"nor a patient's", annuaire.RulePatientAddress, registrar, func(s *annuaire.Staff) { s.Contact = "1@patient.mssante.fr" }},
		{"a mobile is a number", "mobile_invalid", registrar, func(s *annuaire.Staff) { s.Mobile = "x" }},
		{"names are needed", "text_invalid", registrar, func(s *annuaire.Staff) { s.Given = "" }},
		{"and have an end", "too_long", registrar, func(s *annuaire.Staff) { s.Family = strings.Repeat("x", 101) }},
		{"who is in the directory is registered directly", "staff_in_directory", registrar, func(s *annuaire.Staff) { s.ID = anna }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := who
			tt.change(&s)
			if _, err := r.HandOver(ctx, tt.caller, s); annuaire.RuleOf(err) != tt.broken {
				t.Error(err)
			}
		})
	}
	created, err := r.HandOver(ctx, registrar, who)
	ok(t, err)
	again, err := r.HandOver(ctx, registrar, who)
	ok(t, err)
	if !created || again {
		t.Error(created, again)
	}
	b := per("zoe", zoe)
	b.Family, b.Given = "Sociale", "Zoe"
	t.Run("their personal box is marked and shown under their name", func(t *testing.T) {
		if got := put(t, r, b); !got.Social {
			t.Errorf("%+v", got)
		}
		m, err := d.Mailbox(ctx, b.Address)
		ok(t, err)
		if m.Family != "Sociale" || len(m.Owners) != 1 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("under that name only", func(t *testing.T) {
		b := b
		b.Address, b.Family = "zoe2@x.formation.mssante.fr", "AUTRE"
		if _, _, err := r.Put(ctx, operator, b, ""); annuaire.RuleOf(err) != "name_mismatch" {
			t.Error(err)
		}
	})
	t.Run("and only a personal one", func(t *testing.T) {
		b := b
		b.Address, b.Kind, b.Structure = "zoe3@x.formation.mssante.fr", annuaire.KindCAB, &annuaire.StructureID{Type: "FINESS", ID: "480000017"}
		if _, _, err := r.Put(ctx, operator, b, ""); annuaire.RuleOf(err) != "holder_unknown" {
			t.Error(err)
		}
	})
	sound(t, d)
}
