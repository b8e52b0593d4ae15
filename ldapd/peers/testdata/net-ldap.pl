# Net::LDAP, a client of its own from the bytes up.
use strict;
use warnings;
use Net::LDAP;
use Net::LDAP::Constant qw(LDAP_CONTROL_PAGED LDAP_CONTROL_SORTRESULT);
use Net::LDAP::Control::Paged;
use Net::LDAP::Control::Sort;
use Net::LDAP::LDIF;

my ($base, $mail, $sn, $dn) = @ENV{qw(BASE MAIL SN DN)};
my $c = Net::LDAP->new($ENV{URL}) or die "no connection: $@";
sub ok { my ($r, $what) = @_; die "$what: ", $r->error if $r->code; return $r; }
ok($c->bind, "bind");

my $dse = $c->root_dse or die "no root DSE";
die "naming contexts" unless grep { $_ eq $base } $dse->get_value("namingContexts");
die "paged results are not advertised" unless $dse->supported_control(LDAP_CONTROL_PAGED);

my $schema = $c->schema or die "no schema";
die "schema: ", $schema->error if $schema->error;
for my $name (qw(cn mail TypeBAL mozillaSecondEmail surname entryUUID)) { $schema->attribute($name) or die "no attribute $name"; }
for my $name (qw(top inetOrgPerson mssanteBAL rppsStructure)) { $schema->objectclass($name) or die "no class $name"; }
for my $a ($schema->all_attributes) { $schema->attribute_syntax($a->{name}) or die "no syntax of $a->{name}"; }
for my $o ($schema->all_objectclasses) {
  for my $name (map { ref $_ ? $_->{name} : $_ } $schema->must($o->{name}), $schema->may($o->{name})) { $schema->attribute($name) or die "$o->{name}: no $name"; }
}

my $r = ok($c->search(base => $base, filter => "(mail=$mail)"), "search");
die "found ", $r->count unless $r->count == 1 && $r->entry(0)->dn eq $dn;

my $page = Net::LDAP::Control::Paged->new(size => 100);
my $total = 0;
while (1) {
  my $r = ok($c->search(base => $base, scope => "one", filter => "(cn=*)", attrs => ["cn"], control => [$page]), "page");
  $total += $r->count;
  my ($answer) = $r->control(LDAP_CONTROL_PAGED) or die "no page";
  my $cookie = $answer->cookie or last;
  $page->cookie($cookie);
}
die "only $total in pages" if $total < 500;

$r = ok($c->search(base => $base, filter => "(sn=ma*)", attrs => ["sn"], control => [Net::LDAP::Control::Sort->new(order => "-sn", critical => 1)]), "sort");
my @sn = map { lc $_->get_value("sn") } $r->entries;
die "not sorted backwards: @sn" unless "@sn" eq join(" ", sort { $b cmp $a } @sn);

open my $out, ">", \my $ldif or die;
Net::LDAP::LDIF->new($out, "w", onerror => "die")->write_entry($c->search(base => $base, filter => "(mail=$mail)")->entries);
die "no LDIF: $ldif" unless $ldif =~ /^sn: \Q$sn\E$/m;

die "compare" unless $c->compare($dn, attr => "sn", value => $sn)->code == 6;
die "deleted" unless $c->delete($dn)->code == 53;
$r = $c->start_tls(verify => "require", cafile => $ENV{CA});
die "StartTLS: ", $r->error if $r->code;
ok($c->search(base => $base, filter => "(mail=$mail)"), "search over TLS");
print "Net::LDAP: ", scalar($schema->all_attributes), " types, $total entries in pages\n";
