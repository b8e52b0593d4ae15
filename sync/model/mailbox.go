package model

import (
	"cmp"
	"slices"

	"annuaire"
	"annuaire/internal/nomenclature"
	"annuaire/sync/extract"
)

// Mailbox builds the box that rows, all about one address, describe. Attachments to several structures are united. rank is
// its place among the boxes of its holder, from 1, 0 for a box without holder.
func Mailbox(rows []extract.MailboxRow, rank int) annuaire.Mailbox {
	kind, family, given, profession := votes{}, votes{}, votes{}, votes{}
	labels := map[string]string{}
	m := annuaire.Mailbox{Address: rows[0].Address, Rank: rank}
	for i := range rows {
		r := &rows[i]
		kind.add(r.Kind, 1)
		family.add(r.Family, 1)
		given.add(r.Given, 1)
		profession.add(r.Profession.Code, 1)
		labels[r.Profession.Code] = max(labels[r.Profession.Code], r.Profession.Label)
		if r.NationalID != "" && !slices.Contains(m.Owners, r.NationalID) {
			m.Owners = append(m.Owners, r.NationalID)
		}
		if r.Paperless != nil && (m.Paperless == nil || *r.Paperless) { // one yes is a yes
			m.Paperless = r.Paperless
		}
		attach(&m, r)
	}
	slices.Sort(m.Owners)
	slices.SortFunc(m.Attachments, func(a, b annuaire.Attachment) int {
		return cmp.Or(cmp.Compare(a.IDType, b.IDType), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Service, b.Service), cmp.Compare(a.TradeName, b.TradeName), cmp.Compare(shown(a.Address), shown(b.Address)))
	})
	m.Kind = annuaire.MailboxKind(kind.settle())
	m.Family, m.Given = family.settle(), given.settle()
	code := profession.settle()
	m.Profession = coded(nomenclature.Profession, annuaire.Coded{Code: code, Label: labels[code]})
	return m
}

// attach adds the structure a row attaches the box to, if any, once.
func attach(m *annuaire.Mailbox, r *extract.MailboxRow) {
	a := annuaire.Attachment{IDType: r.StructureIDType, ID: r.StructureID, Name: r.StructureName, TradeName: r.StructureTradeName,
		Service: r.Service, Address: address(&r.Postal)}
	if a.ID == "" && a.Name == "" && a.TradeName == "" && a.Service == "" && a.Address == nil {
		return
	}
	for _, o := range m.Attachments {
		if o.IDType == a.IDType && o.ID == a.ID && o.Name == a.Name && o.TradeName == a.TradeName && o.Service == a.Service && shown(o.Address) == shown(a.Address) {
			return
		}
	}
	m.Attachments = append(m.Attachments, a)
}

// shown is an address as one line, to compare by.
func shown(a *annuaire.Address) string {
	if a == nil {
		return ""
	}
	out := a.Street + "\n"
	for _, l := range a.Lines {
		out += l + "\n"
	}
	return out + a.PostalCode + " " + a.City
}
