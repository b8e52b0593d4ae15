package ldapd

import (
	"maps"
	"slices"

	"annuaire/ldapd/schema"
)

// The features that are advertised.
const (
	featureOperational = "1.3.6.1.4.1.4203.1.5.1" // "+" (RFC 3673)
	featureClasses     = "1.3.6.1.4.1.4203.1.5.2" // "@class" (RFC 4529)
	featureTrueFalse   = "1.3.6.1.4.1.4203.1.5.3" // (&) and (|) (RFC 4526)
)

// newRoot is the root DSE (RFC 4512, 5.1): what is honoured and nothing else. What depends on the connection is left to connRoot.
func newRoot(o Options, contexts ...*node) *node {
	n := &node{structural: "top"}
	n.add("objectClass", "top")
	for _, c := range contexts {
		n.add("namingContexts", c.shown)
	}
	n.add("subschemaSubentry", schemaDN)
	n.add("supportedLDAPVersion", "3")
	all := map[string]bool{}
	for _, oids := range honoured {
		for _, oid := range oids {
			all[oid] = true
		}
	}
	n.add("supportedControl", slices.Sorted(maps.Keys(all))...)
	extensions := []string{oidWhoAmI, oidCancel}
	if o.TLS != nil {
		extensions = append(extensions, oidStartTLS)
	}
	n.add("supportedExtension", extensions...)
	n.add("supportedFeatures", featureOperational, featureClasses, featureTrueFalse)
	vendor := "Annuaire Santé"
	if o.Training {
		vendor += " (FORMATION)"
	}
	n.add("vendorName", vendor) // RFC 3045
	if o.Version != "" {
		n.add("vendorVersion", o.Version)
	}
	n.merge()
	return n
}

// merge joins what was added to one attribute in several steps.
func (n *node) merge() {
	var out []attribute
	for _, a := range n.attrs {
		if i := slices.IndexFunc(out, func(b attribute) bool { return b.t == a.t }); i >= 0 {
			out[i].values = append(out[i].values, a.values...)
		} else {
			out = append(out, a)
		}
	}
	n.attrs = out
}

// connRoot is the root DSE as one connection sees it: EXTERNAL is offered where it can succeed.
func (c *conn) connRoot() *node {
	root := c.s.tree.root
	if c.s.opts.Certificates == nil || !c.certified() {
		return root
	}
	own := *root
	own.attrs = slices.Clone(root.attrs)
	own.add("supportedSASLMechanisms", mechExternal)
	return &own
}

// rootFor is the root DSE where the search is about it: a search that goes further starts at the first context instead (stages).
func (c *conn) rootFor(sc scope) *node {
	if sc == scopeBase {
		return c.connRoot()
	}
	return c.s.tree.root
}

// newSchema is the subschema entry (RFC 4512, 4.2).
func newSchema() *node {
	name, _ := parseDN([]byte(schemaDN)) // a constant
	n := &node{shown: schemaDN, name: name, structural: "subentry", inDN: valuesOfDN(name)}
	n.add("objectClass", "top", "subentry", "subschema")
	n.add("cn", "subschema")
	for _, d := range schema.Subschema() {
		n.add(d.Name, d.Values...)
	}
	return n
}
