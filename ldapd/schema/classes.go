package schema

// classDefinitions are the object classes of RFC 4512 (top, subschema), 4519, 4524, 2798, OpenLDAP's class of the root DSE, and ours. The auxiliary ones
// allow what entries have that the structural class does not: "c", among others, which no person may have otherwise.
const classDefinitions = `
( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )
( 2.5.6.2 NAME 'country' SUP top STRUCTURAL MUST c MAY ( searchGuide $ description ) )
( 2.5.6.4 NAME 'organization' SUP top STRUCTURAL MUST o MAY ( userPassword $ searchGuide $ seeAlso $ businessCategory $ x121Address $ registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $ teletexTerminalIdentifier $ telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $ postalCode $ postalAddress $ physicalDeliveryOfficeName $ st $ l $ description ) )
( 2.5.6.5 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou MAY ( userPassword $ searchGuide $ seeAlso $ businessCategory $ x121Address $ registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $ teletexTerminalIdentifier $ telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $ postalCode $ postalAddress $ physicalDeliveryOfficeName $ st $ l $ description ) )
( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber $ seeAlso $ description ) )
( 2.5.6.7 NAME 'organizationalPerson' SUP person STRUCTURAL MAY ( title $ x121Address $ registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $ teletexTerminalIdentifier $ telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $ postalCode $ postalAddress $ physicalDeliveryOfficeName $ ou $ st $ l ) )
( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP organizationalPerson STRUCTURAL MAY ( audio $ businessCategory $ carLicense $ departmentNumber $ displayName $ employeeNumber $ employeeType $ givenName $ homePhone $ homePostalAddress $ initials $ jpegPhoto $ labeledURI $ mail $ manager $ mobile $ o $ pager $ photo $ roomNumber $ secretary $ uid $ userCertificate $ x500UniqueIdentifier $ preferredLanguage $ userSMIMECertificate $ userPKCS12 ) )
( 1.3.6.1.4.1.1466.344 NAME 'dcObject' SUP top AUXILIARY MUST dc )
( 0.9.2342.19200300.100.4.13 NAME 'domain' SUP top STRUCTURAL MUST dc MAY ( userPassword $ searchGuide $ seeAlso $ businessCategory $ x121Address $ registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $ teletexTerminalIdentifier $ telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $ postalCode $ postalAddress $ physicalDeliveryOfficeName $ st $ l $ description $ o $ associatedName ) )
( 2.5.20.1 NAME 'subschema' AUXILIARY MAY ( objectClasses $ attributeTypes $ matchingRules $ matchingRuleUse $ ldapSyntaxes ) )
( 2.5.17.0 NAME 'subentry' SUP top STRUCTURAL MUST cn )
( 1.3.6.1.4.1.4203.1.4.1 NAME ( 'OpenLDAProotDSE' 'LDAProotDSE' ) SUP top STRUCTURAL MAY cn )
( #.1 NAME 'mssanteBAL' DESC 'Boite aux lettres MSSante publiee' SUP top AUXILIARY MUST mail MAY ( c $ mozillaSecondEmail $ personalTitle $ TypeBAL $ TypeIdentifiantPP $ IdentifiantPP $ IdNatPP $ TypeIdentifiantPM $ IdentifiantPM $ profession $ codeProfession $ specialite $ codeSpecialite $ departement $ finess $ siret $ siren ) )
( #.2 NAME 'rppsPersonne' DESC 'Professionnel du RPPS' SUP top AUXILIARY MUST uid MAY ( c $ mozillaSecondEmail $ personalTitle $ TypeBAL $ TypeIdentifiantPP $ IdentifiantPP $ IdNatPP $ TypeIdentifiantPM $ IdentifiantPM $ profession $ codeProfession $ specialite $ codeSpecialite $ departement $ finess $ siret $ siren ) )
( #.3 NAME 'rppsStructure' DESC 'Structure du RPPS' SUP top AUXILIARY MUST uid MAY ( c $ cn $ displayName $ mail $ mozillaSecondEmail $ ou $ TypeBAL $ TypeIdentifiantPM $ IdentifiantPM $ profession $ codeProfession $ specialite $ codeSpecialite $ departement $ finess $ siret $ siren ) )
`
