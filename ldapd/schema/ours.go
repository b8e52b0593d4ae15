package schema

import (
	"strings"

	"annuaire/internal/card"
)

// root is the arc of our own definitions: 2.25 and a UUID of ours as a decimal number (X.667). It is not to be changed.
const root = "2.25.188674658903940810138176082189947316822"

// ours replaces the names of our arcs: @ for attribute types, # for object classes.
var ours = strings.NewReplacer("@.", root+".1.", "#.", root+".2.")

// ourTypes are the attributes of the MSSanté directory that no RFC has (DESIGN 9): what its clients read.
const ourTypes = `
( @.1 NAME 'TypeBAL' DESC 'PER, ORG, CAB ou APP (TRE_R257)' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{3} SINGLE-VALUE )
( @.2 NAME 'TypeIdentifiantPP' DESC '8 : RPPS, 0 : ADELI' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{8} )
( @.3 NAME 'IdentifiantPP' DESC 'Identifiant du professionnel, sans son type' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.4 NAME 'IdNatPP' DESC 'Identifiant national du professionnel, avec son type' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.5 NAME 'TypeIdentifiantPM' DESC 'FINESS, SIRET ou SIREN' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{10} )
( @.6 NAME 'IdentifiantPM' DESC 'Identifiant de la structure' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32} )
( @.7 NAME 'profession' DESC 'Code de profession (TRE_G15)' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.8 NAME 'codeProfession' DESC 'Code de profession (TRE_G15)' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.9 NAME 'specialite' DESC 'Savoir-faire, en toutes lettres' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{256} )
( @.10 NAME 'codeSpecialite' DESC 'Code de savoir-faire' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.11 NAME 'departement' DESC 'Nom, puis code' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{64} )
( @.12 NAME 'finess' DESC 'Identifiants FINESS de la structure' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.13 NAME 'siret' DESC 'Identifiant SIRET de la structure' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
( @.14 NAME 'siren' DESC 'Identifiant SIREN de la structure' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{20} )
`

// held names the attribute type of every attribute of a card.
var held = map[card.Attr]string{
	card.Mail: "mail", card.CN: "cn", card.SN: "sn", card.GivenName: "givenName", card.DisplayName: "displayName",
	card.SecondEmail: "mozillaSecondEmail", card.Title: "title", card.TelephoneNumber: "telephoneNumber", card.Description: "description",
	card.TypeBAL: "TypeBAL", card.TypeIdentifiantPP: "TypeIdentifiantPP", card.IdentifiantPP: "IdentifiantPP", card.IdNatPP: "IdNatPP",
	card.TypeIdentifiantPM: "TypeIdentifiantPM", card.IdentifiantPM: "IdentifiantPM", card.Profession: "profession",
	card.CodeProfession: "codeProfession", card.Specialite: "specialite", card.CodeSpecialite: "codeSpecialite", card.O: "o", card.OU: "ou",
	card.Street: "street", card.PostalAddress: "postalAddress", card.PostalCode: "postalCode", card.L: "l", card.ST: "st",
	card.Departement: "departement", card.C: "c", card.UID: "uid", card.PersonalTitle: "personalTitle", card.FINESS: "finess",
	card.SIRET: "siret", card.SIREN: "siren", card.Facsimile: "facsimileTelephoneNumber",
}
