package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// slapdConf is a configuration of slapd (slapd.conf(5)).
type slapdConf struct {
	schemas string // folder of the schemas that come with it
	modules string // folder of its modules
	own     string // file of the definitions that these lack; "" for none
	data    string // folder of the database; "" for none, which serves the schema alone
	cores   int
	wide    bool
}

// standardSchemas are those that an address book takes.
var standardSchemas = []string{"core", "cosine", "inetorgperson"}

// The indexes: equality and substrings of what mail clients look into (displayName too, as an administrator would who read what Outlook asks),
// equality of identifiers and codes and of objectClass.
var (
	substringIndexes = []string{"cn", "sn", "givenName", "mail", "displayName"}
	equalityIndexes  = []string{"objectClass", "TypeBAL", "TypeIdentifiantPP", "IdentifiantPP", "IdNatPP", "TypeIdentifiantPM", "IdentifiantPM",
		"profession", "codeProfession", "codeSpecialite", "departement", "postalCode"}
	// wideIndexes are the other attributes that Thunderbird's quick search and SOGo name and that may have one.
	wideIndexes = []string{"mozillaNickname", "mozillaSecondEmail", "description", "o", "ou", "title", "telephoneNumber"}
)

func (c slapdConf) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, s := range standardSchemas {
		line("include %s", filepath.Join(c.schemas, s+".schema"))
	}
	if c.own != "" {
		line("include %s", c.own)
	}
	line("loglevel 0")
	if c.data == "" {
		return b.String()
	}
	line("modulepath %s", c.modules)
	line("moduleload back_mdb")
	line("moduleload sssvlv")
	line("tool-threads %d", c.cores)
	line("sizelimit size.soft=%d size.hard=unlimited size.prtotal=unlimited", entryLimit)
	line("timelimit unlimited")
	line("database mdb")
	line("suffix %q", base)
	line("directory %s", c.data)
	line("maxsize %d", int64(32)<<30) // of address space: the file grows with what is in it
	line("index %s eq,sub", strings.Join(substringIndexes, ","))
	line("index %s eq", strings.Join(equalityIndexes, ","))
	if c.wide {
		line("index %s eq,sub", strings.Join(wideIndexes, ","))
	}
	line("overlay sssvlv")
	line("sssvlv-max %d", maxConns) // sorted searches at a time: the default refuses what SOGo asks on 64 connections
	return b.String()
}
