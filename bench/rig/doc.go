// Package rig is what the benchmarks share: extracts made once, programs started and ended, what they cost by the kernel's account,
// figures and tables. It knows nothing of what is asked. Linux only: memory and CPU come from /proc.
package rig
