package rig

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// Machine says on what a run was made, without saying where.
type Machine struct {
	CPU      string
	Cores    int
	Memory   int64
	Platform string   // operating system, processor family and version of Go
	Peers    []string // names and versions of what is compared with
}

// ThisMachine looks; peers are the names and versions of what is compared with, "" for one that is not installed.
func ThisMachine(peers ...string) Machine {
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	return Machine{CPU: cpuModel(string(cpu)), Cores: runtime.NumCPU(), Memory: TotalMemory(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version(), Peers: peers}
}

func (m Machine) String() string {
	s := fmt.Sprintf("%d cores", m.Cores)
	if m.CPU != "" {
		s += " (" + m.CPU + ")"
	}
	s += fmt.Sprintf(", %s of memory, %s", Size(m.Memory), m.Platform)
	for _, p := range m.Peers {
		if p != "" {
			s += ", " + p
		}
	}
	return s
}

// FirstWords returns the first words a program prints, "" when it cannot be run.
func FirstWords(ctx context.Context, n int, name string, args ...string) string {
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

// TotalMemory of the machine, in bytes; 4 GiB where it cannot be told.
func TotalMemory() int64 {
	var info syscall.Sysinfo_t
	if err := syscall.Sysinfo(&info); err != nil {
		return 4 << 30
	}
	return int64(info.Totalram) * int64(info.Unit)
}
