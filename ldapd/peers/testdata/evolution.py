"""evolution-data-server, what Evolution and GNOME Contacts ask through. Run by dbus-run-session, with XDG_* in an empty folder."""
import os
import sys

env = os.environ
host, port = env["URL"].removeprefix("ldap://").split(":")
sources = os.path.join(env["XDG_CONFIG_HOME"], "evolution", "sources")
os.makedirs(sources, exist_ok=True)
with open(os.path.join(sources, "annuaire.source"), "w") as f:
    f.write(f"""[Data Source]
DisplayName=Annuaire
Enabled=true
Parent=ldap-stub

[Authentication]
Host={host}
Method=none
Port={port}
User=

[Security]
Method=none

[Address Book]
BackendName=ldap

[LDAP Backend]
Authentication=none
CanBrowse=false
Filter=
Limit=100
RootDn={env["BASE"]}
Scope=subtree
""")

import gi
gi.require_version("EDataServer", "1.2")
gi.require_version("EBook", "1.2")
gi.require_version("EBookContacts", "1.2")
from gi.repository import EBook, EBookContacts, EDataServer

registry = EDataServer.SourceRegistry.new_sync(None)
book = EBook.BookClient.connect_sync(registry.ref_source("annuaire"), 20, None)
Field, Test = EBookContacts.ContactField, EBookContacts.BookQueryTest
sn, given, mail = env["SN"], env["GIVEN"], env["MAIL"]


def found(field, test, text):
    query = EBookContacts.BookQuery.any_field_contains(text) if field is None else EBookContacts.BookQuery.field_test(field, test, text)
    _, contacts = book.get_contacts_sync(query.to_string(), None)
    return {c.get_property("email-1"): c for c in contacts}


for field, test, text in ((Field.FULL_NAME, Test.CONTAINS, sn.lower()), (Field.FULL_NAME, Test.CONTAINS, f"{given} {sn}"), (Field.FULL_NAME, Test.CONTAINS, f"{sn} {given}"),
                          (Field.FULL_NAME, Test.BEGINS_WITH, sn[:5]), (Field.FULL_NAME, Test.CONTAINS, sn[1:]), (Field.EMAIL, Test.BEGINS_WITH, mail[:8]),
                          (Field.EMAIL, Test.IS, mail), (None, None, sn), (Field.FAMILY_NAME, Test.IS, sn)):
    got = found(field, test, text)
    if mail not in got:
        sys.exit(f"{field} {test} {text}: {list(got)}")
c = found(Field.EMAIL, Test.IS, mail)[mail]
if c.get_property("full-name") is None or c.get_property("title") is None:
    sys.exit("the card is empty")
if found(Field.FULL_NAME, Test.CONTAINS, "zzqxzzqx"):
    sys.exit("somebody is called zzqxzzqx")
print("evolution-data-server: 9 searches,", c.get_property("full-name"), "-", c.get_property("title"))
