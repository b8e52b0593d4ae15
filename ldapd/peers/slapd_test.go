package peers

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"annuaire"
	"annuaire/internal/card"
	"annuaire/ldapd/schema"
)

// program finds a program of a Debian package, or skips the test.
func program(t testing.TB, name, debian string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/bin") {
		if path := filepath.Join(dir, name); exec.Command("test", "-x", path).Run() == nil {
			return path
		}
	}
	t.Skipf("%s is not installed: apt install %s", name, debian)
	return ""
}

const includes = "/etc/ldap/schema/"

// slapdConfig is a configuration for the entries of the book of mailboxes: the schemas that come with slapd, and what ours has besides.
func slapdConfig(t testing.TB, dir string) string {
	t.Helper()
	var b, theirs strings.Builder
	for _, name := range []string{"core", "cosine", "inetorgperson"} {
		text, err := os.ReadFile(includes + name + ".schema")
		if err != nil {
			t.Skipf("%v: apt install slapd", err)
		}
		theirs.WriteString(strings.Join(strings.Fields(string(text)), " "))
		fmt.Fprintf(&b, "include %s%s.schema\n", includes, name)
	}
	for _, a := range schema.Types() {
		if !strings.Contains(theirs.String(), " "+a.OID+" ") && !a.Operational && a.Name != "objectClass" {
			fmt.Fprintf(&b, "attributetype %s\n", a)
		}
	}
	fmt.Fprintf(&b, "objectclass %s\n", schema.LookupClass([]byte("mssanteBAL")))
	fmt.Fprintf(&b, "pidfile %s/pid\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\nsizelimit unlimited\ntimelimit unlimited\n", dir)
	fmt.Fprintf(&b, "database mdb\nmaxsize 268435456\nsuffix %q\ndirectory %s/db\n", base, dir)
	fmt.Fprintf(&b, "index cn,sn,givenName,mail eq,sub\nindex objectClass eq\n")
	return b.String()
}

const base = "dc=mssante,dc=fr"

// ldif writes the entries as slapadd reads them.
func ldif(cards []card.Card) string {
	var b strings.Builder
	fmt.Fprintf(&b, "dn: %s\nobjectClass: top\nobjectClass: domain\ndc: mssante\n", base)
	for _, c := range cards {
		fmt.Fprintf(&b, "\ndn:: %s\n", base64Of("mail="+escapedDN(string(c.ID()))+","+base))
		for _, class := range schema.ObjectClasses(annuaire.BookMailboxes) {
			fmt.Fprintf(&b, "objectClass: %s\n", class)
		}
		for attr, values := range c.All() {
			for v := range values {
				fmt.Fprintf(&b, "%s:: %s\n", schema.Of(attr).Name, base64Of(string(v)))
			}
		}
	}
	return b.String()
}

// startSlapd loads the cards and serves them on a loopback port until the test ends.
func startSlapd(t testing.TB, cards []card.Card) (address string) {
	t.Helper()
	slapd, slapadd := program(t, "slapd", "slapd"), program(t, "slapadd", "slapd")
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o700); err != nil {
		t.Fatal(err)
	}
	conf, entries := write("slapd.conf", slapdConfig(t, dir)), write("entries.ldif", ldif(cards))
	if out, err := exec.Command(slapadd, "-q", "-f", conf, "-l", entries).CombinedOutput(); err != nil {
		t.Fatalf("slapadd: %v\n%s", err, out)
	}
	address = freePort(t)
	run(t, exec.Command(slapd, "-f", conf, "-h", "ldap://"+address, "-d", "0"))
	waitFor(t, "slapd", func() error {
		c, err := net.Dial("tcp", address)
		if err == nil {
			err = c.Close()
		}
		return err
	})
	return address
}

// freePort returns a loopback address that nobody listened on a moment ago.
func freePort(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// run starts a program and ends it with the test.
func run(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	})
}

// runGroup is run for a program that starts others: all of them end with the test.
func runGroup(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
}

// waitFor tries until it works, for a minute.
func waitFor(t testing.TB, what string, try func() error) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("%s does not answer: %v", what, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func dial(t testing.TB, address string) *ldap.Conn {
	t.Helper()
	c, err := ldap.DialURL("ldap://" + address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
