package main

import (
	"fmt"
	"slices"
	"strconv"
)

// named gives the columns that the questions are about short names; all others are called c1, c2... by their place.
var named = map[string]string{
	"Identification nationale PP":           "person",
	"Nom d'exercice":                        "family",
	"Prénom d'exercice":                     "given",
	"Code profession":                       "profession",
	"Code catégorie professionnelle":        "category",
	"Code savoir-faire":                     "specialty",
	"Code mode exercice":                    "mode",
	"Raison sociale site":                   "structure",
	"Enseigne commerciale site":             "trade_name",
	"Bureau cedex (coord. structure)":       "last_line",
	"Code postal (coord. structure)":        "postal_code",
	"Code commune (coord. structure)":       "insee",
	"Libellé commune (coord. structure)":    "city",
	"Code pays (coord. structure)":          "country",
	"Identifiant technique de la structure": "structure_id",
	"Numéro FINESS site":                    "finess",
	"Code secteur d'activité":               "sector",
	"Code rôle":                             "role",
}

// columnNames returns the SQL names of the columns of a header.
func columnNames(header []string) []string {
	out := make([]string, len(header))
	for i, h := range header {
		out[i] = "c" + strconv.Itoa(i+1)
		if n, ok := named[h]; ok && !slices.Contains(out[:i], n) {
			out[i] = n
		}
	}
	return out
}

// places finds columns of the activity file by their short names.
func places(header []string, short ...string) ([]int, error) {
	names := columnNames(header)
	out := make([]int, len(short))
	for i, s := range short {
		if out[i] = slices.Index(names, s); out[i] < 0 {
			return nil, fmt.Errorf("the activity file has no column for %s", s)
		}
	}
	return out, nil
}
