package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"annuaire/bench/rig"
)

// slapd is OpenLDAP's server, in a folder of its own.
type slapd struct {
	bin, add string // the programs
	conf     slapdConf
	dir      string
}

// places are where a distribution puts slapd.
type places struct{ programs, schemas, modules string }

var debian = places{programs: "/usr/sbin", schemas: "/etc/ldap/schema", modules: "/usr/lib/ldap"}

// findSlapd finds the programs and what comes with them. An Unmeasured error says what is not there.
func findSlapd(dir string, at places) (slapd, error) {
	s := slapd{dir: dir, bin: filepath.Join(at.programs, "slapd"), add: filepath.Join(at.programs, "slapadd"),
		conf: slapdConf{schemas: at.schemas, modules: at.modules, cores: runtime.NumCPU()}}
	if !rig.Holds(at.programs, "slapd", "slapadd") {
		return s, rig.Unmeasured("slapd is not installed (apt-get install slapd, so that no service starts: see below)")
	}
	if !rig.Holds(at.schemas, "inetorgperson.schema") || !rig.Holds(at.modules, "back_mdb.so", "sssvlv.so") {
		return s, rig.Unmeasured("slapd is installed without its schemas or modules")
	}
	return s, nil
}

// slapdVersion names the version, "" where it is not installed.
func slapdVersion(ctx context.Context) string {
	s, err := findSlapd("", debian)
	if err != nil {
		return ""
	}
	out, _ := exec.CommandContext(ctx, s.bin, "-VV").CombinedOutput() // it exits with 1 having said so
	for _, w := range strings.Fields(string(out)) {
		if w[0] >= '0' && w[0] <= '9' {
			return slapdName + " " + w
		}
	}
	return ""
}

// write writes the configuration.
func (s slapd) write() (path string, err error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", err
	}
	path = filepath.Join(s.dir, "slapd.conf")
	return path, os.WriteFile(path, []byte(s.conf.String()), 0o600)
}

// learn has slapd take the definitions that it lacks: those it has are its own. What it has it says itself, without a database.
func (s *slapd) learn(ctx context.Context, ours definitions) error {
	srv, err := s.serve(ctx, "")
	if err != nil {
		return err
	}
	theirs, err := schemaOf(ctx, srv.addr)
	srv.stop()
	if err != nil {
		return err
	}
	s.conf.own = filepath.Join(s.dir, "annuaire.schema")
	return os.WriteFile(s.conf.own, []byte(lacks(theirs, ours).slapdSchema()), 0o600)
}

// load makes the database of an LDIF file and returns what it took.
func (s *slapd) load(ctx context.Context, ldif string) (took rig.Cost, err error) {
	s.conf.data = filepath.Join(s.dir, "data")
	conf, err := s.write()
	if err != nil {
		return took, err
	}
	if err := os.Mkdir(s.conf.data, 0o700); err != nil {
		return took, err
	}
	took, err = rig.Perform(rig.Command(ctx, syscall.SIGTERM, s.add, "-q", "-f", conf, "-l", ldif), nil)
	took.Disk = rig.DiskUsage(s.conf.data)
	return took, err
}

// serve starts slapd in the foreground on a loopback address, and waits until it answers a read of dn.
func (s slapd) serve(ctx context.Context, dn string) (*server, error) {
	conf, err := s.write()
	if err != nil {
		return nil, err
	}
	addr, err := rig.FreeAddress()
	if err != nil {
		return nil, err
	}
	c, err := rig.Spawn(rig.Command(ctx, syscall.SIGTERM, s.bin, "-d", "0", "-f", conf, "-h", "ldap://"+addr+"/"))
	if err != nil {
		return nil, err
	}
	return started(ctx, c, slapdName, addr, dn)
}
