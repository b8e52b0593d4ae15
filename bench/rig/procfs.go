package rig

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// memory is what a process has in RAM, in bytes.
type memory struct {
	anon   int64 // RssAnon: heap and stacks, what no file can give back
	shared int64 // RssShmem: shared memory, counted in every process that maps it
	file   int64 // RssFile: mapped files, which the kernel may drop
	peak   int64 // VmHWM: the most that was ever resident, mapped files included
}

// parseStatus reads /proc/PID/status. A line it does not know, or that is missing (a kernel thread, a zombie), leaves 0.
func parseStatus(text string) memory {
	var m memory
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(line, ":")
		to := map[string]*int64{"RssAnon": &m.anon, "RssShmem": &m.shared, "RssFile": &m.file, "VmHWM": &m.peak}[name]
		if to == nil {
			continue
		}
		if f := strings.Fields(value); len(f) == 2 && f[1] == "kB" {
			if n, err := strconv.ParseInt(f[0], 10, 64); err == nil {
				*to = n << 10
			}
		}
	}
	return m
}

// procStat is the part of /proc/PID/stat that tells who used the CPU. Times count in ticks of a hundredth of a second.
type procStat struct {
	parent      int
	user, sys   time.Duration // of the process
	cuser, csys time.Duration // of its children that have ended
}

const tick = 10 * time.Millisecond // USER_HZ is 100 on every architecture Go runs Linux on

var errStat = errors.New("unreadable process state")

// parseStat reads /proc/PID/stat. The name of the program stands in parentheses and may hold any character, parentheses and
// spaces too: fields are counted from the last closing one.
func parseStat(text string) (procStat, error) {
	end := strings.LastIndexByte(text, ')')
	if end < 0 {
		return procStat{}, errStat
	}
	f := strings.Fields(text[end+1:])
	if len(f) < 15 {
		return procStat{}, errStat
	}
	n := make([]int64, 15)
	for i := 1; i < 15; i++ { // f[0] is a letter, the state
		v, err := strconv.ParseInt(f[i], 10, 64)
		if err != nil {
			return procStat{}, errStat
		}
		n[i] = v
	}
	ticks := func(i int) time.Duration { return time.Duration(n[i]) * tick }
	return procStat{parent: int(n[1]), user: ticks(11), sys: ticks(12), cuser: ticks(13), csys: ticks(14)}, nil
}

func statusOf(pid int) (memory, error) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	return parseStatus(string(b)), err
}

func statOf(pid int) (procStat, error) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return procStat{}, err
	}
	return parseStat(string(b))
}

// childrenOf lists the processes whose parent is pid. Those that end meanwhile are left out.
func childrenOf(pid int) (out []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		n, err := strconv.Atoi(filepath.Base(d))
		if err != nil {
			continue
		}
		if st, err := statOf(n); err == nil && st.parent == pid {
			out = append(out, n)
		}
	}
	return out
}

// TreeCPU is the CPU that a process, its children and its children that have ended have used so far.
func TreeCPU(pid int) (user, sys time.Duration) {
	st, err := statOf(pid)
	if err != nil {
		return 0, 0
	}
	user, sys = st.user+st.cuser, st.sys+st.csys
	for _, c := range childrenOf(pid) {
		if st, err := statOf(c); err == nil {
			user, sys = user+st.user, sys+st.sys
		}
	}
	return user, sys
}
