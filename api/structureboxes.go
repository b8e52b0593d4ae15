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
	if slices.ContainsFunc(it.Mailboxes, func(m annuaire.Mailbox) bool { return m.Kind == annuaire.KindPER }) {
		return nil, nil
	}
	var at []annuaire.Expr
	for _, a := range it.Value.Activities {
		if a.Structure == nil {
			continue
		}
		for f, id := range map[annuaire.Field]string{annuaire.FieldFINESS: a.Structure.FINESS, annuaire.FieldSIRET: a.Structure.SIRET} {
			if id != "" {
				at = append(at, annuaire.Equals(f, id))
			}
		}
		if a.Structure.FINESSEJ != "" {
			at = append(at, annuaire.Equals(annuaire.FieldFINESS, a.Structure.FINESSEJ))
		}
	}
	if len(at) == 0 {
		return &[]structureBoxDTO{}, nil
	}
	kinds := annuaire.Or(annuaire.Equals(annuaire.FieldKind, string(annuaire.KindORG)), annuaire.Equals(annuaire.FieldKind, string(annuaire.KindCAB)))
	page, err := s.dir.SearchMailboxes(ctx, annuaire.Query{Where: annuaire.And(annuaire.Or(at...), kinds), Sort: annuaire.SortName, Limit: maxStructureBoxes})
	if err != nil {
		return nil, err
	}
	out := lo.Map(page.Items, func(m annuaire.Item[annuaire.Mailbox], _ int) structureBoxDTO {
		d := structureBoxDTO{Address: m.Value.Address, Kind: string(m.Value.Kind), Description: opt(m.Value.Description)}
		if len(m.Value.Attachments) > 0 {
			a := m.Value.Attachments[0]
			d.Service, d.Structure = opt(a.Service), attachedRefDTO{opt(a.ID), opt(a.Name)}
		}
		return d
	})
	return &out, nil
}
