package annuaire

import "time"

// The reasons for which somebody may not open a personal mailbox. Having no activity (locums, retired) is none: active is who is in the
// extract.
const (
	ReasonUnknown   = "unknown"               // no active professional of that number in the directory
	ReasonNoRPPS    = "no_rpps"               // known by another identifier than an RPPS
	ReasonRoleOnly  = "profession_99"         // known by a role alone (TRE_R291, 99: acteur caractérisé par son rôle)
	ReasonNotHealth = "not_health_profession" // none of their professions is one of the Code de la santé publique (TRE_G15)
	ReasonNoCard    = "no_cps_card"           // no CPS card in force
	ReasonHasBox    = "already_has_one"       // a personal mailbox is theirs already
)

// Eligibility tells whether somebody may open a personal mailbox, and every reason why not.
type Eligibility struct {
	ID       string // IdNatPP
	Eligible bool
	Reasons  []string
	Cards    time.Time // of the extract of cards that was looked at; zero: none was ever loaded, and a card is no condition
}
