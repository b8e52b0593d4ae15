package index

import (
	"slices"
	"strings"

	"annuaire"
	"annuaire/internal/geo"
	"annuaire/internal/nomenclature"

	"github.com/samber/lo"
)

// codeCriterion: Equals takes a code or a label, Prefix the beginning of a code (a label too), Contains a part of a code, Range
// codes in the order of their characters.
func (c *compiler) codeCriterion(out *criterion, sp spec, e annuaire.Expr) error {
	kind := string(rune(sp.kind))
	if e.Field == annuaire.FieldSetting && e.Op != annuaire.OpEquals {
		return unsupported(e)
	}
	switch e.Op {
	case annuaire.OpEquals, annuaire.OpSimilar:
		return c.codeEquals(out, sp, e)
	case annuaire.OpPrefix:
		var begin anyOf
		if v := normalCode(sp.kind, e.Value); v != "" {
			begin = append(begin, prefixRange(sp.field, kind+v))
		}
		if codes, ok := resolve(e.Field, sp, e.Value); ok && (sp.table != "" || sp.kind == kindDepartment || sp.kind == kindRegion) {
			begin = append(begin, anyTerm{sp.field, prefixed(sp.kind, codes)})
		}
		out.levels = beginning(begin)
	case annuaire.OpContains:
		out.levels = beginning(scanned{sp.field, kind, after(kind), normalCode(sp.kind, e.Value)})
	case annuaire.OpRange:
		to := after(kind)
		if e.To != "" {
			to = kind + normalCode(sp.kind, e.To) + "\x00"
		}
		out.levels = exactly(termRange{sp.field, kind + normalCode(sp.kind, e.Value), to})
	default:
		return unsupported(e)
	}
	return nil
}

func (c *compiler) codeEquals(out *criterion, sp spec, e annuaire.Expr) error {
	if e.Field == annuaire.FieldPostalCode {
		out.levels = postal(normalPostal(e.Value))
		return nil
	}
	codes, ok := resolve(e.Field, sp, e.Value)
	if e.Field == annuaire.FieldSetting {
		if !ok {
			return unknownValue(e, sp)
		}
		codes = sectorsOf(codes)
	} else if !ok {
		code := normalCode(sp.kind, e.Value)
		known, err := c.inUse(sp, code)
		if err != nil {
			return err
		}
		if !known {
			return unknownValue(e, sp)
		}
		codes = []string{code}
	}
	out.levels = exactly(anyTerm{sp.field, prefixed(sp.kind, codes)})
	return nil
}

// postal matches a postal code; shorter than five characters it is a beginning.
func postal(cp string) []level {
	switch {
	case cp == "":
		return nil
	case len(cp) == 1:
		return beginning(prefixRange(fieldPlace, string(rune(kindPostal2))+cp))
	case len(cp) == 2:
		return beginning(anyTerm{fieldPlace, []string{string(rune(kindPostal2)) + cp}})
	case len(cp) < 5:
		return beginning(prefixRange(fieldPlace, string(rune(kindPostal))+cp))
	}
	return exactly(anyTerm{fieldPlace, []string{string(rune(kindPostal)) + cp}})
}

func prefixed(kind byte, codes []string) []string {
	var t terms
	for _, c := range codes {
		t.add(kind, c)
	}
	return t
}

// normalCode writes a typed identifier as it is indexed.
func normalCode(kind byte, v string) string {
	v = strings.TrimSpace(v)
	switch kind {
	case kindMailbox:
		return strings.ToLower(v)
	case kindPhone:
		return normalPhone(v)
	case kindOwner:
		if id, ok := annuaire.NationalID(v); ok {
			return id
		}
	case kindFINESS:
		v = normalPostal(v)
		if len(v) == 10 {
			v = strings.TrimPrefix(v, "F") // some files write it before the number
		}
	case kindStructure:
		return v
	}
	return normalPostal(v)
}

// resolve returns the codes that a value of a coded field means; ok is false when it means none that is known. A field without
// tables takes any value.
func resolve(f annuaire.Field, sp spec, v string) ([]string, bool) {
	var code string
	var ok bool
	switch {
	case f == annuaire.FieldDepartment:
		code, ok = geo.ResolveDepartment(v)
	case f == annuaire.FieldRegion:
		code, ok = geo.ResolveRegion(v)
	case sp.table == "":
		return []string{normalCode(sp.kind, v)}, true
	default:
		return nomenclature.Resolve(sp.table, v)
	}
	return []string{code}, ok
}

// inUse reports whether some document has a code: the nomenclatures grow every month, and the extract comes first.
func (c *compiler) inUse(sp spec, code string) (bool, error) {
	if code == "" || len(code) > 20 {
		return false, nil
	}
	for _, v := range c.views {
		b, err := v.postings(sp.field, string(rune(sp.kind))+code)
		if err != nil {
			return false, err
		}
		if !v.live(b).IsEmpty() {
			return true, nil
		}
	}
	return false, nil
}

// sectorsOf returns the sectors of some settings.
func sectorsOf(settings []string) []string {
	return lo.Filter(nomenclature.Codes(nomenclature.Sector), func(c string, _ int) bool {
		return slices.Contains(settings, nomenclature.SettingOf(c))
	})
}
