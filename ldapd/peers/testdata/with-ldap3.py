"""ldap3, which checks what it reads against the schema it was given."""
import os
from ldap3 import ALL, ALL_ATTRIBUTES, ALL_OPERATIONAL_ATTRIBUTES, SUBTREE, BASE, Connection, Server

env = os.environ
server = Server(env["URL"], get_info=ALL)
c = Connection(server, auto_bind=True, check_names=True, raise_exceptions=True)
assert env["BASE"] in server.info.naming_contexts, server.info
schema = server.schema
for name in ("cn", "mail", "TypeBAL", "mozillaSecondEmail", "entryUUID", "codeProfession", "name", "gn"):
    assert name in schema.attribute_types, name
    assert schema.attribute_types[name].oid
for name in ("top", "inetOrgPerson", "mssanteBAL", "rppsPersonne", "rppsStructure", "organization", "subschema"):
    assert name in schema.object_classes, name
assert "mail" in schema.object_classes["mssanteBAL"].must_contain
assert schema.matching_rules and schema.matching_rule_uses and schema.ldap_syntaxes
for a in schema.attribute_types.values():
    assert a.syntax or a.superior, a
    for r in (a.equality or []) + (a.ordering or []) + (a.substring or []) if isinstance(a.equality, list) else []:
        assert r in schema.matching_rules, (a, r)
for o in schema.object_classes.values():
    for name in (o.must_contain or []) + (o.may_contain or []):
        assert name in schema.attribute_types, (o.name, name)

c.search(env["BASE"], "(mail=%s)" % env["MAIL"], SUBTREE, attributes=[ALL_ATTRIBUTES, ALL_OPERATIONAL_ATTRIBUTES])
assert len(c.entries) == 1, c.entries
e = c.entries[0]
assert e.mail.value == env["MAIL"] and e.entry_dn == env["DN"], e
# the entry satisfies its object classes
allowed, must = set(), set()
for o in e.objectClass.values:
    d = schema.object_classes[o]
    must |= {schema.attribute_types[n].oid for n in d.must_contain or []}
    allowed |= {schema.attribute_types[n].oid for n in (d.must_contain or []) + (d.may_contain or [])}
have = {schema.attribute_types[n].oid: n for n in e.entry_attributes_as_dict}
for oid, name in have.items():
    assert oid in allowed or schema.attribute_types[name].usage, ("not allowed", name)
    if schema.attribute_types[name].single_value:
        assert len(e[name].values) == 1, name
assert must <= set(have), must - set(have)

total = sum(1 for r in c.extend.standard.paged_search(env["BASE"], "(objectClass=inetOrgPerson)", SUBTREE, attributes=["mail"], paged_size=100, generator=True) if r["type"] == "searchResEntry")
assert total > 500, total
assert c.extend.standard.who_am_i() in (None, ""), c.extend.standard.who_am_i()
assert c.compare(env["DN"], "sn", env["SN"]) is True
assert c.compare(env["DN"], "sn", "nobody") is False
print("ldap3: schema of %d types and %d classes, %d entries in pages" % (len({a.oid for a in schema.attribute_types.values()}), len({o.oid for o in schema.object_classes.values()}), total))
