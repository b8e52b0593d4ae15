package audience

// What is read before the tree is in its one form: what says nothing (a group of one, a double negation) is not counted in the end.
const (
	rawDepth = 4 * maxDepth
	rawNodes = 4 * maxNodes
)

func tooDeep(at place) error {
	return fault(at, ruleLimit, "plus de %d groupes les uns dans les autres", "more than %d groups inside each other", maxDepth)
}

func tooMany(at place) error {
	return fault(at, ruleLimit, "plus de %d critères et groupes", "more than %d criteria and groups", maxNodes)
}

// finish brings what was read into its one form, and checks what only the whole shows. What passes is read again from what String writes.
func (a *Audience) finish() error {
	if a.Everyone && a.Where != nil {
		return fault(a.Where.at, ruleEveryone, "« everyone » ne se combine avec aucun critère", "\"everyone\" goes with no criterion")
	}
	if !a.Everyone && a.Where == nil && len(a.Include) == 0 {
		return fault(place{}, ruleEmpty, "l'audience est vide : donnez un critère, include(…), ou « everyone »", "the audience is empty: give a criterion, include(…), or \"everyone\"")
	}
	if len(a.Also) > 0 && a.Where == nil && !a.Everyone {
		return fault(a.Also[0].at, rulePlace, "also(…) restreint des critères : il en faut", "also(…) narrows criteria: there must be some")
	}
	a.normalise()
	count, deepest := 0, 0
	for _, n := range a.parts() {
		walk(*n, 0, func(depth int) { count, deepest = count+1, max(deepest, depth) })
	}
	switch {
	case count > maxNodes:
		return tooMany(place{})
	case deepest > maxDepth:
		return tooDeep(place{})
	case len(a.String()) > maxText:
		return fault(place{}, ruleLimit, "plus de %d octets une fois écrite en texte", "more than %d bytes when written as a text", maxText)
	}
	return nil
}

// walk calls fn for every node of a tree, with how many groups it stands in.
func walk(n Node, depth int, fn func(depth int)) {
	if fn(depth); n.Op != OpNot {
		depth++
	}
	for _, arg := range n.Args {
		walk(arg, depth, fn)
	}
}
