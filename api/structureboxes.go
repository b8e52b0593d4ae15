package api

import (
	"context"
	"slices"

	"github.com/samber/lo"

	"annuaire"
)

// maxStructureBoxes bounds the boxes shown of the structures of one person: a large hospital has thousands.
const maxStructureBoxes = 50

// structureBoxDTO is a box of a structure where somebody practises: theirs it is not.
type structureBoxDTO struct {
	Address     string         `json:"address"`
	Kind        string         `json:"kind"` // ORG, CAB
	Description *string        `json:"description"`
	Service     *string        `json:"service"`
	Structure   attachedRefDTO `json:"structure"`
}

type attachedRefDTO struct {
	ID   *string `json:"id"`
	Name *string `json:"name"`
}

// structureBoxes returns, for someone without a published box of their own, those of the structures where they practise; nil for whoever
// has one.
func (s *Server) structureBoxes(ctx context.Context, it annuaire.Item[annuaire.Professional]) (*[]structureBoxDTO, error) {
	boxes, err := s.sharedBoxes(ctx, it)
	if err != nil || boxes == nil {
		return nil, err
	}
	out := lo.Map(boxes, func(m annuaire.Mailbox, _ int) structureBoxDTO {
		d := structureBoxDTO{Address: m.Address, Kind: string(m.Kind), Description: opt(m.Description)}
		if len(m.Attachments) > 0 {
			a := m.Attachments[0]
			d.Service, d.Structure = opt(a.Service), attachedRefDTO{opt(a.ID), opt(a.Name)}
		}
		return d
	})
	return &out, nil
}

// sharedBoxes is structureBoxes as the directory has them.
func (s *Server) sharedBoxes(ctx context.Context, it annuaire.Item[annuaire.Professional]) ([]annuaire.Mailbox, error) {
	if slices.ContainsFunc(it.Mailboxes, func(m annuaire.Mailbox) bool { return m.Kind == annuaire.KindPER }) {
		return nil, nil
	}
	var refs []annuaire.StructureRef
	for _, a := range it.Value.Activities {
		if a.Structure != nil {
			refs = append(refs, *a.Structure)
		}
	}
	where := boxesOf(refs, annuaire.KindORG, annuaire.KindCAB)
	if where.Op == annuaire.OpFalse {
		return []annuaire.Mailbox{}, nil
	}
	page, err := s.dir.SearchMailboxes(ctx, annuaire.Query{Where: where, Sort: annuaire.SortName, Limit: maxStructureBoxes})
	if err != nil {
		return nil, err
	}
	return append([]annuaire.Mailbox{}, lo.Map(page.Items, func(m annuaire.Item[annuaire.Mailbox], _ int) annuaire.Mailbox { return m.Value })...), nil
}

// boxesOf is true of the boxes of some kinds that are attached to one of these structures, or to the legal entity of one.
func boxesOf(refs []annuaire.StructureRef, kinds ...annuaire.MailboxKind) annuaire.Expr {
	var at []annuaire.Expr
	for _, r := range refs {
		for _, x := range []struct {
			field annuaire.Field
			id    string
		}{{annuaire.FieldFINESS, r.FINESS}, {annuaire.FieldSIRET, r.SIRET}, {annuaire.FieldFINESS, r.FINESSEJ}} {
			if x.id != "" {
				at = append(at, annuaire.Equals(x.field, x.id))
			}
		}
	}
	if len(at) == 0 {
		return annuaire.Expr{Op: annuaire.OpFalse}
	}
	return annuaire.And(annuaire.Or(at...), annuaire.Or(lo.Map(kinds, func(k annuaire.MailboxKind, _ int) annuaire.Expr {
		return annuaire.Equals(annuaire.FieldKind, string(k))
	})...))
}
