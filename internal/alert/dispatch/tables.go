package dispatch

import (
	"fmt"
	"strconv"
	"strings"

	"annuaire"
	"annuaire/internal/store"
)

// The tables of alerts in annuaire.db. Recipients are elsewhere (package spool).
var (
	alerts = store.NewTable[annuaire.Alert]("alerts")         // by tableKey
	steps  = store.NewTable[annuaire.AlertStep]("alert-step") // tableKey, NUL, number
)

// tableKey is the key of an alert, in the order of numbers: "2026-007" is "2026000007"; "" for what is no number of an alert.
func tableKey(id string) string {
	year, n, ok := strings.Cut(id, "-")
	if !ok || len(year) != 4 || len(n) < 3 || len(n) > 6 {
		return ""
	}
	y, err1 := strconv.ParseUint(year, 10, 16)
	k, err2 := strconv.ParseUint(n, 10, 32)
	if err1 != nil || err2 != nil || number(int(y), k) != id {
		return ""
	}
	return fmt.Sprintf("%04d%06d", y, k)
}

// number is the yearly number of an alert.
func number(year int, n uint64) string { return fmt.Sprintf("%04d-%03d", year, n) }

// newNumber takes the next number of a year.
func newNumber(tx *store.Tx, year int) (string, error) {
	n, err := store.NewTable[struct{}](fmt.Sprintf("alert-numbers-%04d", year)).Sequence(tx)
	return number(year, n), err
}

func missing() error {
	return annuaire.Errorf(annuaire.CodeNotFound, "id", "il n'y a pas d'alerte de ce numéro.", "there is no alert of this number.", nil)
}

func read(tx *store.Tx, id string) (annuaire.Alert, error) {
	k := tableKey(id)
	if k == "" {
		return annuaire.Alert{}, missing()
	}
	a, ok, err := alerts.Get(tx, k)
	if err == nil && !ok {
		err = missing()
	}
	return a, err
}
