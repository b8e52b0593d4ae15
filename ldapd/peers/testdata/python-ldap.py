"""python-ldap: OpenLDAP's library, and a parser of schemas that follows RFC 4512 to the letter."""
import os
import ldap
import ldap.schema
from ldap.controls import SimplePagedResultsControl
from ldap.controls.sss import SSSRequestControl

env = os.environ
dn, schema = ldap.schema.urlfetch(env["URL"])
assert dn, "no subschema"
assert not schema.non_unique_oids, schema.non_unique_oids
for kind in (ldap.schema.AttributeType, ldap.schema.ObjectClass, ldap.schema.MatchingRule, ldap.schema.MatchingRuleUse, ldap.schema.LDAPSyntax):
    assert schema.listall(kind), kind
for oid in schema.listall(ldap.schema.AttributeType):
    a = schema.get_obj(ldap.schema.AttributeType, oid)
    assert a.syntax or a.sup, str(a)
    if a.syntax:
        assert schema.get_obj(ldap.schema.LDAPSyntax, a.syntax) is not None, str(a)
    for r in (a.equality, a.ordering, a.substr):
        assert r is None or schema.get_obj(ldap.schema.MatchingRule, r) is not None, str(a)
for oid in schema.listall(ldap.schema.ObjectClass):
    o = schema.get_obj(ldap.schema.ObjectClass, oid)
    for name in o.must + o.may:
        assert schema.get_obj(ldap.schema.AttributeType, name) is not None, (o.names, name)
must, may = schema.attribute_types(["inetOrgPerson", "mssanteBAL"])

c = ldap.initialize(env["URL"])
c.simple_bind_s()
[(found, attrs)] = c.search_s(env["BASE"], ldap.SCOPE_SUBTREE, "(mail=%s)" % env["MAIL"])
assert found == env["DN"] and attrs["mail"] == [env["MAIL"].encode()]
for name in attrs:
    oid = schema.getoid(ldap.schema.AttributeType, name)
    assert oid in must or oid in may, ("not allowed", name)

paged, total, last = SimplePagedResultsControl(True, size=100, cookie=""), 0, None
while True:
    msgid = c.search_ext(env["BASE"], ldap.SCOPE_ONELEVEL, "(cn=*)", ["cn"], serverctrls=[paged])
    _, data, _, ctrls = c.result3(msgid)
    total += len(data)
    paged.cookie = [x for x in ctrls if x.controlType == paged.controlType][0].cookie
    if not paged.cookie:
        break
assert total > 500, total

msgid = c.search_ext(env["BASE"], ldap.SCOPE_ONELEVEL, "(sn=ma*)", ["sn"], serverctrls=[SSSRequestControl(True, ordering_rules=["sn:caseIgnoreOrderingMatch"])])
_, data, _, ctrls = c.result3(msgid)
names = [attrs["sn"][0].decode().lower() for _, attrs in data]
assert names == sorted(names) and len(names) > 1, names

msgid = c.search_ext(env["BASE"], ldap.SCOPE_ONELEVEL, "(cn=*a*)")
c.abandon(msgid)
assert c.whoami_s() == "", "still answering after an abandon"
assert c.compare_s(env["DN"], "sn", env["SN"])
try:
    c.delete_s(env["DN"])
    raise AssertionError("deleted")
except ldap.UNWILLING_TO_PERFORM:
    pass
c.unbind_s()

c = ldap.initialize(env["URL"])
c.set_option(ldap.OPT_X_TLS_CACERTFILE, env["CA"])
c.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
c.start_tls_s()
assert c.search_s(env["BASE"], ldap.SCOPE_SUBTREE, "(mail=%s)" % env["MAIL"], ["1.1"])
print("python-ldap: %d types, %d entries in pages, %d sorted" % (len(schema.listall(ldap.schema.AttributeType)), total, len(names)))
