package card

// Attr is an attribute of a card. The numbers are stored: new ones go to the end.
type Attr uint8

// The attributes. Values are UTF-8; several values are in order of preference.
const (
	Mail              Attr = iota + 1 // address of a mailbox, lower case
	CN                                // both name orders: "Jean DUPONT", "DUPONT Jean"
	SN                                // nom d'exercice; of ORG, CAB and APP boxes the service, else the structure
	GivenName                         // prénom d'exercice
	DisplayName                       // "Jean DUPONT"
	SecondEmail                       // mozillaSecondEmail: the next mailboxes of the same person
	Title                             // profession and specialties in words, one value per practice
	TelephoneNumber                   // E.164 where it can be
	Description                       // of the mailbox
	TypeBAL                           // PER, ORG, CAB, APP
	TypeIdentifiantPP                 // "8" RPPS, "0" ADELI
	IdentifiantPP                     // number without type
	IdNatPP                           // number with its type
	TypeIdentifiantPM                 // "FINESS", "SIRET", "SIREN", as clients write it
	IdentifiantPM                     // number of the structure
	Profession                        // code (TRE_G15) of every practice
	CodeProfession                    // the same
	Specialite                        // label of every savoir-faire
	CodeSpecialite                    // its code
	O                                 // structure: raison sociale, then enseigne commerciale
	OU                                // service de rattachement
	Street                            // line of the street
	PostalAddress                     // lines joined by "$", escaped (RFC 4517, 3.3.28)
	PostalCode                        //
	L                                 // city
	ST                                // region
	Departement                       // label, then code
	C                                 // ISO 3166 code: "FR"
	UID                               // IdNatPP of a person, technical id of a structure
	PersonalTitle                     // civility and title: "DR", "MME"
	FINESS                            // of a structure
	SIRET                             //
	SIREN                             //
	Facsimile                         // facsimileTelephoneNumber of a structure
	LastAttr          = Facsimile
)
