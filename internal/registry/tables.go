package registry

import (
	"annuaire"
	"annuaire/internal/store"
)

// The tables of the registry in annuaire.db.
var (
	boxes       = store.NewTable[annuaire.Registered]("boxes")       // by address
	boxesHeld   = store.NewTable[struct{}]("boxes-held")             // holder, NUL, address
	delegations = store.NewTable[annuaire.Delegation]("delegations") // mailbox, NUL, id
	delegated   = store.NewTable[struct{}]("delegated")              // delegate, NUL, mailbox, NUL, id
	accounts    = store.NewTable[annuaire.Account]("accounts")       // by IdNatPP
)

// pair joins the two parts of a key.
func pair(a, b string) string { return a + "\x00" + b }
