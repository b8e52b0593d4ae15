package api

import "time"

// The types below are the JSON of DESIGN 8, key by key: every key is always present unless it says omit, null or [] standing
// for what is not known. Keys may be added, never renamed.

type codedDTO struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

type typedDTO struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Type  string `json:"type"`
}

type sourceDTO struct {
	Extract *time.Time `json:"extract"`
	Run     string     `json:"run"`
}

type addressDTO struct {
	Lines      []string  `json:"lines"`
	PostalCode *string   `json:"postal_code"`
	City       *string   `json:"city"`
	INSEE      *string   `json:"insee"`
	Department *codedDTO `json:"department"`
	Region     *codedDTO `json:"region"`
	Country    *codedDTO `json:"country,omitempty"` // abroad only
}

type professionalDTO struct {
	ID          string           `json:"id"`
	RPPS        *string          `json:"rpps"`
	Civility    *string          `json:"civility"`
	Title       *string          `json:"title"`
	Family      string           `json:"family"`
	Given       *string          `json:"given"`
	Active      bool             `json:"active"`
	Practices   []practiceDTO    `json:"practices"`
	Activities  []activityDTO    `json:"activities"`
	Mailboxes   []mailboxLineDTO `json:"mailboxes"`
	Source      sourceDTO        `json:"source"`
	MatchedOn   []string         `json:"matched_on"`
	Explanation []reasonDTO      `json:"explanation,omitempty"` // only when asked

	StructureMailboxes *[]structureBoxDTO `json:"structure_mailboxes,omitempty"` // of one record
}

type practiceDTO struct {
	Profession  *codedDTO  `json:"profession"`
	Category    *codedDTO  `json:"category"`
	Specialties []typedDTO `json:"specialties"`
	Diplomas    []typedDTO `json:"diplomas"`
}

type activityDTO struct {
	Profession string           `json:"profession"`
	Category   *string          `json:"category"`
	Mode       *codedDTO        `json:"mode"`
	Sector     *codedDTO        `json:"sector"`
	Role       *codedDTO        `json:"role"`
	Authority  *string          `json:"authority"`
	Structure  *structureRefDTO `json:"structure"`
	Address    *addressDTO      `json:"address"`
	Phones     []string         `json:"phones"`
}

type structureRefDTO struct {
	ID     string  `json:"id"`
	Name   *string `json:"name"`
	FINESS *string `json:"finess"`
	SIRET  *string `json:"siret"`
}

type mailboxLineDTO struct {
	Address string `json:"address"`
	Kind    string `json:"kind"`
	Rank    int    `json:"rank"`
}

type structureDTO struct {
	ID          string      `json:"id"`
	Name        *string     `json:"name"`
	TradeName   *string     `json:"trade_name"`
	FINESS      *string     `json:"finess"`
	FINESSEJ    *string     `json:"finess_ej"`
	SIREN       *string     `json:"siren"`
	SIRET       *string     `json:"siret"`
	Sector      *codedDTO   `json:"sector"`
	Address     *addressDTO `json:"address"`
	Phones      []string    `json:"phones"`
	Fax         *string     `json:"fax"`
	Emails      []string    `json:"emails"`
	Source      sourceDTO   `json:"source"`
	MatchedOn   []string    `json:"matched_on"`
	Explanation []reasonDTO `json:"explanation,omitempty"` // only when asked
}

type mailboxDTO struct {
	Address     string          `json:"address"`
	Kind        string          `json:"kind"`
	Rank        *int            `json:"rank"`
	Owners      []string        `json:"owners"`
	Family      *string         `json:"family"`
	Given       *string         `json:"given"`
	Profession  *codedDTO       `json:"profession"`
	Description *string         `json:"description"`
	Paperless   *bool           `json:"paperless"`
	Attachments []attachmentDTO `json:"attachments"`
	Source      sourceDTO       `json:"source"`
	MatchedOn   []string        `json:"matched_on"`
	Explanation []reasonDTO     `json:"explanation,omitempty"` // only when asked
}

type attachmentDTO struct {
	IDType    *string     `json:"id_type"`
	ID        *string     `json:"id"`
	Name      *string     `json:"name"`
	TradeName *string     `json:"trade_name"`
	Service   *string     `json:"service"`
	Address   *addressDTO `json:"address"`
}

type facetDTO struct {
	Code  string `json:"code"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// answer is a page of results.
type answer struct {
	Total   int                   `json:"total"`
	TotalIs string                `json:"total_is"`
	TookMS  float64               `json:"took_ms"`
	AsOf    *time.Time            `json:"as_of"`
	Items   []any                 `json:"items"`
	Facets  map[string][]facetDTO `json:"facets,omitzero"` // only when asked
	Ignored []ignoredDTO          `json:"ignored"`
	Explain *explanation          `json:"explain,omitempty"` // only when asked
	Next    *string               `json:"next"`
}
