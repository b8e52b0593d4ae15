package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"annuaire/bench/rig"
)

// cluster is a PostgreSQL server of our own, in a folder of our own, that only this machine's programs reach, over a Unix socket.
type cluster struct {
	*rig.Child
	bin, dir string
	owner    *syscall.Credential // nil: this user
}

// postgresBin finds the folder of PostgreSQL's programs: version 15 where there is a choice. Debian's wrappers in /usr/bin look for
// clusters of the system and are passed over.
func postgresBin() (string, error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(dirs, func(a, b string) int { return strings.Compare(b, a) })
	if i := slices.Index(dirs, "/usr/lib/postgresql/15/bin"); i > 0 {
		dirs[0], dirs[i] = dirs[i], dirs[0]
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	for _, d := range dirs {
		if rig.Holds(d, "initdb", "postgres", "psql", "pgbench") {
			return d, nil
		}
	}
	return "", rig.Unmeasured("PostgreSQL is not installed (apt-get install postgresql-15)")
}

// ownerOf is who runs the server: PostgreSQL refuses to run as root, so the package's user does, else nobody.
func ownerOf() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, rig.Unmeasured("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

// startCluster makes and starts a server under dir.
func startCluster(ctx context.Context, dir string) (*cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, dir: filepath.Join(dir, "postgres")}
	if c.owner, err = ownerOf(); err != nil {
		return nil, err
	}
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		return nil, err
	}
	if c.owner != nil {
		if err := os.Chown(c.dir, int(c.owner.Uid), int(c.owner.Gid)); err != nil {
			return nil, err
		}
	}
	init := c.program(ctx, "initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8", "--no-sync")
	if _, err := rig.Perform(init, nil); err != nil {
		return nil, err
	}
	cmd := c.program(ctx, "postgres", append([]string{"-D", c.data(), "-k", c.dir}, serverSettings(rig.TotalMemory())...)...)
	if c.Child, err = rig.Spawn(cmd); err != nil {
		return nil, err
	}
	if _, err := c.Answers(ctx, "postgres", func() error { _, err := c.psql(ctx, "SELECT 1;"); return err }); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// program prepares one of PostgreSQL's programs, to be run by the owner. An interrupt is its fast and clean way to end.
func (c *cluster) program(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := rig.Command(ctx, syscall.SIGINT, filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr.Credential = c.owner
	return cmd
}

// stop ends the server: at once for its clients, cleanly for its files.
func (c *cluster) stop() { c.Child.Stop(syscall.SIGINT) }

// client prepares psql: no start-up file, plain output, the first error ends it.
func (c *cluster) client(ctx context.Context, args ...string) *exec.Cmd {
	return c.program(ctx, "psql", append([]string{"-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", c.dir, "-U", "postgres", "-d", "postgres"}, args...)...)
}

// psql runs a script and returns what it printed.
func (c *cluster) psql(ctx context.Context, script string) (string, error) {
	out, _, err := c.script(ctx, script)
	return out, err
}

func (c *cluster) script(ctx context.Context, script string) (string, rig.Cost, error) {
	var out bytes.Buffer
	cmd := c.client(ctx, "-f", "-")
	cmd.Stdin = strings.NewReader(script)
	took, err := rig.Perform(cmd, &out)
	return out.String(), took, err
}

// copyIn runs COPY ... FROM STDIN on a file, so that the server's user needs no access to it.
func (c *cluster) copyIn(ctx context.Context, statement, path string) (took rig.Cost, err error) {
	f, err := os.Open(path)
	if err != nil {
		return took, err
	}
	defer f.Close()
	cmd := c.client(ctx, "-c", statement)
	cmd.Stdin = f
	return rig.Perform(cmd, io.Discard)
}

// serverSettings are those of a server that bulk-loads and then answers from memory, for a machine of so many bytes of it.
func serverSettings(ram int64) (args []string) {
	shared := min(int64(2<<30), ram/4)
	for _, kv := range []string{
		"listen_addresses=", // the Unix socket only
		fmt.Sprintf("shared_buffers=%dMB", max(shared>>20, 64)),
		fmt.Sprintf("maintenance_work_mem=%dMB", max(shared>>21, 32)),
		fmt.Sprintf("effective_cache_size=%dMB", max(ram>>21, 128)),
		"work_mem=64MB", "random_page_cost=1.1", "jit=off",
		"synchronous_commit=off", "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
		"max_wal_size=8GB", "checkpoint_timeout=1h", "autovacuum=off", // VACUUM ANALYZE is part of the load
	} {
		args = append(args, "-c", kv)
	}
	return args
}
