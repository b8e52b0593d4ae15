package ldapd_test

import (
	"annuaire/ldapd/ber"
)

// contains is the filter (attr=*value*); starts is (attr=value*).
func contains(attr, value string) func(*ber.Encoder) { return part(attr, 0x81, value) }
func starts(attr, value string) func(*ber.Encoder)   { return part(attr, 0x80, value) }

func part(attr string, tag byte, value string) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		m := e.Begin(0xa4)
		e.String(4, attr)
		all := e.Begin(0x30)
		e.String(tag, value)
		e.End(all)
		e.End(m)
	}
}

func set(tag byte, of ...func(*ber.Encoder)) func(*ber.Encoder) {
	return func(e *ber.Encoder) {
		m := e.Begin(tag)
		for _, f := range of {
			f(e)
		}
		e.End(m)
	}
}

func and(of ...func(*ber.Encoder)) func(*ber.Encoder) { return set(0xa0, of...) }
func or(of ...func(*ber.Encoder)) func(*ber.Encoder)  { return set(0xa1, of...) }
func not(of func(*ber.Encoder)) func(*ber.Encoder)    { return set(0xa2, of) }

// sessions are what clients send, as recorded (docs/clients): one list of messages each.
func sessions() map[string][][]byte {
	outlook := query{base: base, scope: 2, deref: 3, size: 999, time: 15, filter: and(or(starts("mail", "n"), starts("cn", "n"), starts("sn", "n"), starts("givenName", "n"), starts("displayName", "n"))),
		attrs: []string{"cn", "display-name", "mail", "telephoneNumber", "title", "department", "physicalDeliveryOfficeName", "company", "givenName", "sn"}}
	mapped := []string{"cn", "sn", "givenName", "title", "mail", "telephoneNumber", "street", "postalCode", "st", "l", "c", "o", "ou", "description", "objectClass"}
	sort := control("1.2.840.113556.1.4.473", true, sortValue("cn", "2.5.13.3"))
	tls := extended(1, "1.3.6.1.4.1.1466.20037", nil)
	return map[string][][]byte{
		"Thunderbird types": {bindRequest(1, 3, "", ""), query{base: base, scope: 2, size: 100, filter: or(contains("cn", "du"), contains("mail", "du"), contains("givenName", "du"), contains("sn", "du"))}.request(2),
			abandon(3, 2)},
		"Thunderbird quick search": {bindRequest(1, 3, "", ""), query{base: base, scope: 2, size: 100, filter: or(contains("cn", "w"), contains("givenName", "w"), contains("sn", "w"), contains("mozillaNickname", "w"),
			contains("mail", "w"), contains("mozillaSecondEmail", "w"), and(contains("description", "w")), contains("o", "w"), contains("ou", "w"), contains("title", "w"),
			contains("mozillaWorkUrl", "w"), contains("mozillaHomeUrl", "w"))}.request(2), []byte(unbind)},
		"Thunderbird stars":  {bindRequest(1, 3, "", ""), query{base: base, scope: 2, filter: substrings(0, "")}.request(2), []byte(unbind)},
		"Outlook":            {[]byte("\x30\x84\x00\x00\x00\x10\x02\x01\x01\x60\x84\x00\x00\x00\x07\x02\x01\x03\x04\x00\x80\x00"), outlook.request(2), []byte(unbind)},
		"Apple":              {query{base: "", scope: 2, time: 30, filter: or(starts("givenname", "x"), starts("sn", "x"), starts("cn", "x"), starts("mail", "x")), attrs: []string{"givenName", "sn", "cn", "mail", "jpegPhoto"}}.request(1)},
		"Evolution":          {bindRequest(1, 2, "", ""), query{attrs: []string{"supportedControl", "subschemaSubentry", "schemaNamingContext"}}.request(2), query{base: "cn=subschema", filter: equality("objectClass", "subschema"), attrs: []string{"objectClasses"}}.request(3), query{base: base, scope: 2, filter: and(equality("objectClass", "*"), contains("cn", "a"))}.request(4)},
		"Roundcube":          {bindRequest(1, 3, "", ""), query{base: base, scope: 2, filter: and(equality("objectClass", "inetOrgPerson"), or(contains("mail", "du"), contains("cn", "du"))), attrs: mapped}.request(2), []byte(unbind)},
		"SOGo":               {query{attrs: []string{"subschemaSubentry"}}.request(1), query{base: base, scope: 2, time: 10, size: 1000, filter: or(contains("sn", "a"), contains("displayname", "a"), contains("telephonenumber", "a")), attrs: []string{"*"}, controls: [][]byte{sort}}.request(2)},
		"Zimbra":             {bindRequest(1, 3, "", ""), query{base: base, scope: 2, filter: and(or(contains("gn", "a"), contains("zimbraMailAlias", "a")), not(equality("msExchHideFromAddressLists", "TRUE"))), controls: [][]byte{pagedControl(1000, nil)}}.request(2)},
		"Postfix":            {bindRequest(1, 3, "", ""), query{base: base, scope: 2, time: 10, filter: equality("mail", "jean.dupont@medecin.formation.mssante.fr"), attrs: []string{"mail"}}.request(2), []byte(unbind)},
		"a page":             {query{base: base, scope: 1, controls: [][]byte{pagedControl(2, nil)}}.request(1), query{base: base, scope: 1, controls: [][]byte{pagedControl(2, []byte("x"))}}.request(2)},
		"StartTLS":           {tls, bindRequest(2, 3, "cn=x", "y")},
		"SASL":               {saslBind(1, "GSSAPI", []byte("x")), saslBind(2, "EXTERNAL", []byte{})},
		"compare and cancel": {request(1, 0x6e, compareBody(base, "dc", "mssante")), cancelRequest(2, 1), extended(3, "1.3.6.1.4.1.4203.1.11.3", nil)},
		"writes":             {request(1, 0x68, func(e *ber.Encoder) { e.String(4, base) }), request(2, 0x66, nil), []byte("\x30\x06\x02\x01\x03\x4a\x01x"), request(4, 0x6c, nil)},
		"extensible": {query{base: base, scope: 2, filter: func(e *ber.Encoder) {
			m := e.Begin(0xa9)
			e.String(0x81, "2.5.13.5")
			e.String(0x82, "cn")
			e.String(0x83, "x")
			e.Bool(0x84, true)
			e.End(m)
		}, attrs: []string{"@person", "+", "1.1"}}.request(1)},
	}
}
