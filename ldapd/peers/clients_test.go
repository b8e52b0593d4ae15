package peers

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// use is one use of a command-line client: its arguments, its exit code, and what it says.
type use struct {
	rule string
	args string // separated by single spaces; {words} are filled in
	exit int
	says []string // regular expressions
	not  []string
}

const ldapsearch = "ldapsearch -x -LLL -H {url} -b {base} "

var openldap = []use{
	{"the root DSE tells the naming contexts", "ldapsearch -x -LLL -H {url} -s base -b  (objectClass=*) * +", 0, []string{`namingContexts: dc=mssante,dc=fr`, `namingContexts: o=rpps,c=fr`, `supportedLDAPVersion: 3`, `subschemaSubentry:`, `supportedControl: 1.2.840.113556.1.4.319`}, nil},
	{"the subschema is there", "ldapsearch -x -LLL -H {url} -o ldif-wrap=no -s base -b cn=subschema (objectClass=subschema) attributeTypes objectClasses matchingRules matchingRuleUse ldapSyntaxes", 0, []string{`NAME 'TypeBAL'`, `NAME 'mssanteBAL'`, `caseIgnoreMatch`, `Directory String`}, nil},
	{"an address is found", ldapsearch + "(mail={mail})", 0, []string{`(?m)^mail: {mail}$`, `objectClass: inetOrgPerson`}, []string{`entryUUID`}},
	{"operational attributes are for who asks", ldapsearch + "(mail={mail}) +", 0, []string{`entryUUID: `, `entryDN: `, `modifyTimestamp: \d{14}Z`, `structuralObjectClass: inetOrgPerson`}, []string{`(?m)^mail: `}},
	{"no attribute", ldapsearch + "(mail={mail}) 1.1", 0, []string{`dn: mail=`}, []string{`(?m)^cn`, `(?m)^mail: `}},
	{"the attributes of a class", ldapsearch + "(mail={mail}) @person", 0, []string{`(?m)^sn: {sn}$`, `(?m)^cn: `}, []string{`(?m)^mail: `}},
	{"types only", ldapsearch + "-A (mail={mail}) sn mail", 0, []string{`(?m)^sn:$`, `(?m)^mail:$`}, []string{`{sn}`}},
	{"pages of three, all of them", ldapsearch + "-E pr=3/noprompt (sn={sn}*) 1.1", 0, []string{`dn: mail=`}, nil},
	{"a critical sort by a rule of SOGo", ldapsearch + "-E !sss=cn:2.5.13.3 (sn=ma*) cn", 0, []string{`dn: mail=`}, nil},
	{"a sort without a rule", ldapsearch + "-E !sss=cn (sn=ma*) cn", 0, []string{`dn: mail=`}, nil},
	{"a virtual list that must be is refused", ldapsearch + "-E sss=cn:2.5.13.3 -E !vlv=0/2/1/0 (sn=ma*)", 12, []string{`Critical extension is unavailable`}, nil},
	{"content synchronisation that must be is refused", ldapsearch + "-E !sync=ro (sn=ma*)", 12, nil, nil},
	{"a size limit gives as many, and says so", "ldapsearch -x -H {url} -b {base} -z 3 (cn=*a*) 1.1", 4, []string{`numEntries: 3`, `result: 4 Size limit exceeded`}, nil},
	{"true and false", ldapsearch + "-z 1 (&) 1.1", 4, []string{`dn: `}, nil},
	{"false", ldapsearch + "(|) 1.1", 0, nil, []string{`dn: `}},
	{"a part of the DN that nobody has", ldapsearch + "(ou:dn:=people) 1.1", 0, nil, []string{`dn: `}},
	{"a rule by name", ldapsearch + "(sn:caseExactMatch:={sn}) mail", 0, []string{`(?m)^mail: {mail}$`}, nil},
	{"manageDsaIT and its critical form", ldapsearch + "-MM (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"domainScope, critical", ldapsearch + "-E !domainScope (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"subentries, critical and not asked for", ldapsearch + "-E !subentries=false (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"matched values that need not be are ignored", ldapsearch + "-E mv=(mail=*) (mail={mail}) mail", 0, []string{`(?m)^mail: {mail}$`}, nil},
	{"proxied authorisation is refused", ldapsearch + "-e !authzid=dn: (mail={mail})", 12, nil, nil},
	{"aliases are followed where there are none", ldapsearch + "-a always (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"a base that is not there", "ldapsearch -x -H {url} -b ou=nobody,{base}", 32, []string{`matchedDN: dc=mssante,dc=fr`}, nil},
	{"a base that is no name", "ldapsearch -x -H {url} -b nonsense", 34, nil, nil},
	{"an entry by its name", "ldapsearch -x -LLL -H {url} -s base -b {dn} (objectClass=*) mail", 0, []string{`(?m)^mail: {mail}$`}, nil},
	{"an empty base is that of the mailboxes", "ldapsearch -x -LLL -H {url} -s sub -b  (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"people and structures", "ldapsearch -x -LLL -H {url} -s one -b o=rpps,c=fr (objectClass=*) ou", 0, []string{`ou: professionnels`, `ou: structures`}, nil},
	{"the second version of LDAP is refused politely", ldapsearch + "-P 2 (mail={mail})", 2, []string{`rotocol`}, nil},
	{"StartTLS", "ldapsearch -ZZ -x -LLL -H {url} -b {base} (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"LDAPS", "ldapsearch -x -LLL -H {tls} -b {base} (mail={mail}) 1.1", 0, []string{`dn: mail=`}, nil},
	{"nobody is who they are", "ldapwhoami -x -H {url}", 0, []string{`anonymous`}, nil},
	{"a password that is none", "ldapwhoami -ZZ -x -H {url} -D cn=x -w y", 49, nil, nil},
	{"a comparison that holds", "ldapcompare -x -H {url} {dn} sn:{sn}", 6, []string{`TRUE`}, nil},
	{"one that does not", "ldapcompare -x -H {url} {dn} sn:nobody", 5, []string{`FALSE`}, nil},
	{"one of what is not there", "ldapcompare -x -H {url} {dn} pager:1", 16, nil, nil},
	{"one of what is not known", "ldapcompare -x -H {url} {dn} nobody:1", 17, nil, nil},
	{"to cancel what is not running", "ldapexop -x -H {url} cancel 5", 1, []string{`\(119\)`}, nil},
	{"writing is refused", "ldapdelete -x -H {url} {dn}", 53, nil, nil},
}

func TestClients(t *testing.T) {
	s := serve(t)
	t.Run("the index leaves nobody out", s.negatedTwice)
	t.Run("OpenLDAP", func(t *testing.T) {
		program(t, "ldapsearch", "ldap-utils")
		for _, u := range openldap {
			t.Run(u.rule, func(t *testing.T) { s.use(t, u) })
		}
	})
	t.Run("python3-ldap3 reads the whole schema", func(t *testing.T) { s.script(t, "/usr/bin/python3", "python3-ldap3", "import ldap3", "with-ldap3.py") })
	t.Run("python3-ldap", func(t *testing.T) { s.script(t, "/usr/bin/python3", "python3-ldap", "import ldap", "python-ldap.py") })
	t.Run("Net::LDAP", func(t *testing.T) {
		s.script(t, "perl", "libnet-ldap-perl libio-socket-ssl-perl", "use Net::LDAP; use IO::Socket::SSL", "net-ldap.pl")
	})
	t.Run("ldapts", func(t *testing.T) {
		if os.Getenv("NODE_PATH") == "" {
			t.Skip("NODE_PATH does not lead to ldapts: npm install ldapts, and name its node_modules")
		}
		s.script(t, "node", "nodejs, and npm install ldapts", "require('ldapts')", "ldapts.cjs")
	})
	t.Run("Roundcube", func(t *testing.T) {
		root := cmp.Or(os.Getenv("ROUNDCUBE"), "/usr/share/roundcube")
		s.script(t, "php", "roundcube-core php-ldap php-net-ldap3 php-intl php-mbstring php-xml (or dpkg -x roundcube-core somewhere, and name its usr/share/roundcube in ROUNDCUBE)",
			fmt.Sprintf(`file_exists('%s/program/lib/Roundcube/rcube_ldap.php') && class_exists('Collator') && function_exists('ldap_connect') && (include 'Net/LDAP3.php') || exit(1);`, root), "roundcube.php")
	})
	t.Run("Evolution", s.evolution)
	t.Run("Postfix", s.postfix)
	t.Run("ldclt", s.ldclt)
	t.Run("Thunderbird", s.thunderbird)
}

// use runs a client and looks at what it says.
func (s *served) use(t *testing.T, u use) {
	t.Helper()
	words := strings.Split(u.args, " ")
	for i := range words {
		words[i] = s.fill(words[i])
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "LDAPTLS_CACERT="+s.ca)
	out, err := cmd.CombinedOutput()
	exit := 0
	if e := new(exec.ExitError); errors.As(err, &e) {
		exit = e.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if exit != u.exit {
		t.Errorf("exit code %d, want %d", exit, u.exit)
	}
	for _, want := range u.says {
		if !regexp.MustCompile(s.fill(want)).Match(out) {
			t.Errorf("it does not say %s", s.fill(want))
		}
	}
	for _, not := range u.not {
		if regexp.MustCompile(s.fill(not)).Match(out) {
			t.Errorf("it says %s", s.fill(not))
		}
	}
	if t.Failed() {
		t.Logf("%q\n%s", words, out)
	}
}

// script runs a script of testdata with what is served; it fails by its exit code, and says why.
func (s *served) script(t *testing.T, interpreter, debian, probe, name string) {
	t.Helper()
	flag := map[string]string{"/usr/bin/python3": "-c", "php": "-r"}[interpreter]
	if exec.Command(interpreter, cmp.Or(flag, "-e"), probe).Run() != nil {
		t.Skipf("%s cannot %s: apt install %s", interpreter, probe, debian)
	}
	s.inspect(t, exec.Command(interpreter, "testdata/"+name))
}

// inspect runs a program that looks at the server itself.
func (s *served) inspect(t *testing.T, cmd *exec.Cmd, env ...string) {
	t.Helper()
	cmd.Env = append(append(os.Environ(), env...), "URL=ldap://"+s.address, "BASE="+base, "MAIL="+s.one.mail, "SN="+s.one.sn, "GIVEN="+s.one.given, "DN="+s.one.dn, "CA="+s.ca, "DIR="+s.dir, "LDAPTLS_CACERT="+s.ca)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// evolution asks through evolution-data-server, in a session of its own.
func (s *served) evolution(t *testing.T) {
	const python, debian = "/usr/bin/python3", "evolution-data-server gir1.2-ebook-1.2 gir1.2-ebookcontacts-1.2 python3-gi dbus"
	session := program(t, "dbus-run-session", debian)
	if exec.Command(python, "-c", "import gi; gi.require_version('EBook', '1.2'); from gi.repository import EBook").Run() != nil {
		t.Skip("there is no evolution-data-server for Python: apt install " + debian)
	}
	env := []string{"HOME=" + s.dir}
	for _, name := range []string{"CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "RUNTIME_DIR"} {
		dir := filepath.Join(s.dir, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		env = append(env, "XDG_"+name+"="+dir)
	}
	s.inspect(t, exec.Command("timeout", "60", session, "--", python, "testdata/evolution.py"), env...)
}

func (s *served) postfix(t *testing.T) {
	postmap := program(t, "postmap", "postfix postfix-ldap")
	s.write(t, "main.cf", "mydestination =\n")
	table := s.write(t, "mssante.cf", s.fill("server_host = {url}\nsearch_base = {base}\nquery_filter = (mail=%s)\nresult_attribute = mail\nbind = no\nversion = 3\n"))
	bound := s.write(t, "bound.cf", s.fill("server_host = {url}\nsearch_base = {base}\nquery_filter = (mail=%s)\nresult_attribute = mail\n"))
	for rule, u := range map[string]struct {
		table, key, want string
		exit             int
	}{
		"an address is there":                       {table, s.one.mail, s.one.mail, 0},
		"in capitals too":                           {table, strings.ToUpper(s.one.mail), s.one.mail, 0},
		"with an anonymous bind and no version":     {bound, s.one.mail, s.one.mail, 0},
		"one that is not there is no error":         {table, "nobody@mssante.fr", "", 1},
		"signs of filters are part of the question": {table, "*)(mail=*", "", 1},
	} {
		t.Run(rule, func(t *testing.T) {
			cmd := exec.Command(postmap, "-c", s.dir, "-q", u.key, "ldap:"+u.table)
			var errs strings.Builder
			cmd.Stderr = &errs
			out, _ := cmd.Output()
			if got := strings.TrimSpace(string(out)); got != u.want || cmd.ProcessState.ExitCode() != u.exit || strings.Contains(errs.String(), "error") {
				t.Errorf("%q, exit %d\n%s", got, cmd.ProcessState.ExitCode(), errs.String())
			}
		})
	}
}

func (s *served) ldclt(t *testing.T) {
	ldclt := os.Getenv("LDCLT")
	if ldclt == "" {
		ldclt = program(t, "ldclt", "389-ds-base (or dpkg -x it somewhere, and name the program in LDCLT)")
	}
	cmd := exec.Command(ldclt, "-h", "127.0.0.1", "-p", s.fill("{port}"), "-b", base, "-f", "mail="+s.one.mail, "-e", "esearch", "-n4", "-N2", "-I32")
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+os.Getenv("LDCLT_LIBS"))
	out, err := cmd.CombinedOutput()
	if err != nil || !regexp.MustCompile(`Global number times "no errors|ldclt-4:.*[Ee]xit status 0|Global average rate`).Match(out) || regexp.MustCompile(`(?i)never connected|Cannot ldap`).Match(out) {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(regexp.MustCompile(`Global average rate.*`).FindString(string(out)))
}
