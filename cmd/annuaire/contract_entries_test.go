package main

// The contexts of DESIGN 9.
const (
	boxBase       = "dc=mssante,dc=fr"
	personBase    = "ou=professionnels,o=rpps,c=fr"
	structureBase = "ou=structures,o=rpps,c=fr"
)

// attributes of DESIGN 9 are those of its first context, in its order: of which mailbox, and the values, separated by "|".
var ldapAttributes = []struct{ attr, of, values string }{
	{"objectClass", zelieBox, "top|person|organizationalPerson|inetOrgPerson|mssanteBAL"},
	{"c", zelieBox, "FR"},
	{"cn", zelieBox, "Zélie EXEMPLE|EXEMPLE Zélie"}, // in both name orders
	{"displayName", zelieBox, "Zélie EXEMPLE"},
	{"sn", zelieBox, "EXEMPLE"},
	{"givenName", zelieBox, "Zélie"},
	{"mail", zelieBox, zelieBox},
	{"mozillaSecondEmail", anaisBox, anaisNext + "|" + cabBox}, // the same person's next mailboxes
	{"mozillaSecondEmail", cabBox, ""},
	{"title", zelieBox, "Médecin - Psychiatrie"}, // profession and specialty in words
	{"telephoneNumber", zelieBox, "+33466000000"},
	{"telephoneNumber", "tel@y.formation.mssante.fr", "+33466000003|+33466000000"}, // its own before those of the places
	{"telephoneNumber", "oppose@y.formation.mssante.fr", "+33466000000"},           // unless opposed
	{"description", "accueil@y.formation.mssante.fr", "Accueil"},
	{"TypeBAL", zelieBox, "PER"},
	{"TypeBAL", orgBox, "ORG"},
	{"TypeBAL", cabBox, "CAB"},
	{"TypeBAL", appBox, "APP"},
	{"TypeIdentifiantPP", zelieBox, "8"},
	{"IdentifiantPP", zelieBox, "99012345679"}, // number without type
	{"IdNatPP", zelieBox, zelie},               // with it
	{"IdNatPP", orgBox, ""},
	{"TypeIdentifiantPM", orgBox, "FINESS"},
	{"IdentifiantPM", orgBox, "480000017"},
	{"profession", zelieBox, "10"}, // both the code
	{"codeProfession", zelieBox, "10"},
	{"profession", "ambroise@y.formation.mssante.fr", "10|40"}, // of every practice of the holder
	{"codeProfession", "ambroise@y.formation.mssante.fr", "10|40"},
	{"specialite", anaisBox, "Cardiologie et maladies vasculaires"}, // label
	{"codeSpecialite", anaisBox, "SM04"},
	{"o", zelieBox, "CABINET EXEMPLE"},
	{"o", orgBox, "CENTRE HOSPITALIER DE MENDE"},
	{"o", anaisBox, "CABINET EXEMPLE|HOPITAL DE LYON"}, // of all its holder's activities, liberal ones first
	{"ou", orgBox, "URGENCES"},
	{"street", zelieBox, "12 RUE DES LILAS"},
	{"postalAddress", zelieBox, "12 RUE DES LILAS$48000 Mende"},
	{"postalCode", zelieBox, "48000"},
	{"postalCode", anaisBox, "48000|69003"},
	{"l", zelieBox, "Mende"},
	{"l", orgBox, "Mende"}, // of the mailbox's structure
	{"st", zelieBox, "Occitanie"},
	{"departement", zelieBox, "Lozère|48"},
	{"cn", orgBox, "URGENCES"}, // ORG, CAB, APP: service
	{"sn", orgBox, "URGENCES"},
	{"displayName", orgBox, "URGENCES"},
	{"cn", appBox, "CENTRE HOSPITALIER DE MENDE"}, // else structure name
	{"sn", appBox, "CENTRE HOSPITALIER DE MENDE"},
	{"displayName", cabBox, "CENTRE HOSPITALIER DE MENDE"},
}

// entries are those of the second context.
var ldapEntries = []struct{ dn, attr, values string }{
	{"uid=" + zelie + "," + personBase, "uid", zelie},
	{"uid=" + zelie + "," + personBase, "mail", zelieNew + "|oppose@y.formation.mssante.fr|tel@y.formation.mssante.fr|" + zelieBox},
	{"uid=" + ambroise + "," + personBase, "profession", "10|40"}, // of every practice
	{"uid=" + paul + "," + personBase, "TypeIdentifiantPP", "0"},  // 0, 8
	{"uid=" + paul + "," + personBase, "IdentifiantPP", paul[1:]},
	{"uid=" + noe + "," + personBase, "title", "Infirmier"},
	{"uid=F480000017," + structureBase, "o", "CENTRE HOSPITALIER DE MENDE|HOPITAL LOZERE"},
	{"uid=F480000017," + structureBase, "IdentifiantPM", "480000017|480000009|26480001700015|264800017"},
	{"uid=R10000000000001," + structureBase, "telephoneNumber", "+33466000000"},
}
