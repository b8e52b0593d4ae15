package registry

import (
	"annuaire"
	"annuaire/internal/overlay"
	"annuaire/internal/store"
)

// The tables of the registry in annuaire.db.
var (
	boxes       = overlay.Boxes                                      // by address
	boxesHeld   = overlay.Held                                       // holder, NUL, address
	staff       = store.NewTable[annuaire.Staff]("staff")            // by IdNatPP
	delegations = store.NewTable[annuaire.Delegation]("delegations") // mailbox, NUL, id
	delegated   = store.NewTable[struct{}]("delegated")              // delegate, NUL, mailbox, NUL, id
	accounts    = store.NewTable[annuaire.Account]("accounts")       // by IdNatPP
)

// pair joins the two parts of a key.
func pair(a, b string) string { return a + "\x00" + b }
