<?php
// Roundcube's own class for LDAP address books, with the settings of docs/clients/ROUNDCUBE.md.
error_reporting(E_ERROR);
$root = getenv('ROUNDCUBE') ?: '/usr/share/roundcube';
ini_set('display_errors', 'stderr');
$dir = getenv('DIR');
$settings = ['log_driver' => 'stdout', 'log_dir' => $dir, 'temp_dir' => $dir, 'drafts_mbox' => '', 'junk_mbox' => '', 'sent_mbox' => '', 'trash_mbox' => '', 'ldap_cache' => null, 'ldap_cache_ttl' => '0'];
file_put_contents("$dir/defaults.inc.php", '<?php $config = ' . var_export($settings, true) . ';');
file_put_contents("$dir/config.inc.php", '<?php $config = [];');
define('INSTALL_PATH', $root . '/');
define('RCUBE_CONFIG_DIR', $dir . '/');
define('RCUBE_INSTALL_PATH', $root . '/');
set_include_path($root . '/program/lib' . PATH_SEPARATOR . get_include_path());
require_once $root . '/program/lib/Roundcube/bootstrap.php';
error_reporting(E_ERROR); // again: its libraries are older than this PHP
rcube::get_instance(0);

$url = parse_url(getenv('URL'));
$book = new rcube_ldap([
    'name' => 'Annuaire', 'hosts' => ['ldap://' . $url['host'] . ':' . $url['port']], 'port' => $url['port'], 'ldap_version' => 3, 'network_timeout' => 10,
    'base_dn' => getenv('BASE'), 'bind_dn' => '', 'bind_pass' => '', 'searchonly' => true, 'scope' => 'sub', 'filter' => '(objectClass=inetOrgPerson)',
    'search_fields' => ['mail', 'cn', 'o', 'l'], 'fuzzy_search' => true, 'sort' => 'cn', 'sizelimit' => 0, 'timelimit' => 0, 'vlv' => false,
    'fieldmap' => ['name' => 'cn', 'surname' => 'sn', 'firstname' => 'givenName', 'jobtitle' => 'title', 'email' => 'mail:*', 'phone:work' => 'telephoneNumber',
        'street:work' => 'street', 'zipcode:work' => 'postalCode', 'locality:work' => 'l', 'organization' => 'o', 'department' => 'ou', 'notes' => 'description'],
], false, 'localhost');

function found($book, $what, $fields, $mode) {
    $book->reset();
    $book->set_pagesize(50);
    $result = $book->search($fields, $what, $mode, true, false, ['email']);
    $mails = [];
    foreach ($result->records ?: [] as $r) {
        $mails = array_merge($mails, (array) rcube_addressbook::get_col_values('email', $r, true));
    }
    return $mails;
}

$n = 0;
foreach ([
    [getenv('SN'), ['name', 'email'], 0], [substr(getenv('SN'), 1), ['name', 'email'], 0], [substr(getenv('SN'), 0, 5), ['name', 'surname'], 2],
    [getenv('GIVEN') . ' ' . getenv('SN'), '*', 0], [getenv('SN') . ' ' . getenv('GIVEN'), '*', 0], [getenv('MAIL'), ['email'], 1],
] as [$what, $fields, $mode]) {
    $mails = found($book, $what, $fields, $mode);
    if (!in_array(getenv('MAIL'), $mails)) {
        fwrite(STDERR, "$what: " . json_encode($mails) . ' ' . json_encode($book->get_error()) . "\n");
        exit(1);
    }
    $n++;
}
if (found($book, 'zzqxzzqx', '*', 0)) {
    fwrite(STDERR, "somebody is called zzqxzzqx\n");
    exit(1);
}
echo "Roundcube: $n searches\n";
