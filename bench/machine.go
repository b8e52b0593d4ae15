package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// machine says on what a run was made, without saying where.
type machine struct {
	cpu              string
	cores            int
	memory           int64
	platform         string // operating system, processor family and version of Go
	sqlite, postgres string // versions; "" where not installed
}

func thisMachine(ctx context.Context) machine {
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	m := machine{cpu: cpuModel(string(cpu)), cores: runtime.NumCPU(), memory: totalMemory()}
	m.platform = runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version()
	m.sqlite = firstWords(ctx, 1, "sqlite3", "--version")
	if bin, err := postgresBin(); err == nil {
		m.postgres = firstWords(ctx, 3, filepath.Join(bin, "postgres"), "--version")
	}
	return m
}

func (m machine) String() string {
	s := fmt.Sprintf("%d cores", m.cores)
	if m.cpu != "" {
		s += " (" + m.cpu + ")"
	}
	s += fmt.Sprintf(", %s of memory, %s", size(m.memory), m.platform)
	if m.sqlite != "" {
		s += ", SQLite " + m.sqlite
	}
	if m.postgres != "" {
		s += ", PostgreSQL " + strings.TrimPrefix(m.postgres, "postgres (PostgreSQL) ")
	}
	return s
}

// firstWords returns the first words a program prints, "" when it cannot be run.
func firstWords(ctx context.Context, n int, name string, args ...string) string {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	f := strings.Fields(string(out))
	if err != nil || len(f) < n {
		return ""
	}
	return strings.Join(f[:n], " ")
}

// cpuModel reads /proc/cpuinfo; "" on machines that do not name their processor.
func cpuModel(cpuinfo string) string {
	for line := range strings.Lines(cpuinfo) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// totalMemory of the machine, in bytes; 4 GiB where it cannot be told.
func totalMemory() int64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 4 << 30
	}
	return int64(info.Totalram) * int64(info.Unit)
}
