#!/bin/sh
# Figures of the code as the table of docs/ARCHITECTURE.md: `make figures`. Generated files and test data are no code; blank lines and comments are.
set -eu
cd "$(dirname "$0")/../.."
spread() { # file lengths -> files, lines, median, p90, the longest with its name
  xargs wc -l | awk '$2 != "total"' | sort -n | awk -v what="$1" '
    { n[NR] = $1; name = $2; sum += $1 }
    END { printf "| %s | %d | %d | %d | %d | %d (`%s`) |\n", what, NR, sum, n[int((NR + 1) / 2)], n[int(NR * 0.9 + 0.5)], n[NR], name }'
}
echo '| Go | files | lines | median file | p90 | longest |'
echo '|---|---:|---:|---:|---:|---|'
git ls-files '*.go' | grep -v '_test\.go$' | spread source
git ls-files '*_test.go' | spread tests
echo
"${GO:-go}" list -deps -f '{{.ImportPath}} {{join .Imports " "}}' ./... | awk '
  $1 == "annuaire" || $1 ~ /^annuaire\// { # dependencies come first, so that the depth of each import is known
    packages++
    for (i = 2; i <= NF; i++) if ($i == "annuaire" || $i ~ /^annuaire\//) { arrows++; if (depth[$i] + 1 > depth[$1]) depth[$1] = depth[$i] + 1 }
    if (depth[$1] > deepest) deepest = depth[$1]
  }
  END { printf "%d packages, %d imports between them, each in a direction that `internal/archtest` allows; the longest chain has %d.\n", packages, arrows, deepest }'
