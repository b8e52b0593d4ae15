# Everything a newcomer types. `make help` lists it.
GO      ?= go
PEOPLE  ?= 2000000
SOAK    ?= 200
BENCH   ?= bench-data
FUZZ    ?= 20s
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
# The race detector needs a C compiler: without one the tests run without it, and say so.
RACE    := $(shell command -v $${CC:-gcc} >/dev/null 2>&1 && echo -race)

.DEFAULT_GOAL := help
.PHONY: help build demo test test-clients test-web screens lint figures fresh vuln fuzz bench bench-ldap soak golden clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

build: ## build bin/annuaire, a static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/annuaire ./cmd/annuaire

demo: build ## make 20 000 people, import them, serve them, print what to try
	./bin/annuaire demo

test: ## run every test, with the race detector
	$(if $(RACE),,@echo "no C compiler here: the tests run without the race detector")
	$(GO) test $(RACE) -shuffle=on -timeout 20m ./...

test-clients: build ## ask the program with real LDAP clients: those that are installed (docs/clients)
	TEST_CLIENTS=1 TEST_BINARY=$(CURDIR)/bin/annuaire $(GO) test -count=1 -v -timeout 10m -run TestClients ./ldapd/peers

test-web: build ## try the public page in a real browser, where there is Chromium
	TEST_WEB=1 TEST_BINARY=$(CURDIR)/bin/annuaire $(GO) test -count=1 -v -timeout 15m ./api/web/browser

screens: build ## take the pictures of docs/screens; look at them before they are committed
	mkdir -p docs/screens && TEST_WEB=1 TEST_SCREENS=$(CURDIR)/docs/screens TEST_BINARY=$(CURDIR)/bin/annuaire $(GO) test -count=1 -v -timeout 15m -run TestScreens ./api/web/browser

lint: ## gofmt, go vet and staticcheck
	@bad=$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go')); test -z "$$bad" || { echo "not gofmt-ed:"; echo "$$bad"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

fresh: ## try the two commands, offline too, and the unit under systemd, on a new Debian that has Go, make and git (root; debootstrap, systemd-container)
	.ci/fresh

figures: ## print the figures of the code that docs/ARCHITECTURE.md shows
	@GO=$(GO) sh internal/archtest/figures.sh

vuln: ## known vulnerabilities of the modules and the toolchain (needs the network)
	.ci/vuln

fuzz: ## fuzz every decoder for FUZZ each (default 20s)
	@for t in $$(grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -rhoE '^func Fuzz[A-Za-z0-9_]+' $$t/*_test.go | sed 's/func //'); do \
	    echo "$$t $$f"; $(GO) test $$t -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZ) || exit 1; done; done

bench: ## measure against SQLite and PostgreSQL, write docs/BENCHMARKS.md (PEOPLE=50000 is the quick form)
	$(GO) run ./bench -people $(PEOPLE) -out $(BENCH) -doc docs/BENCHMARKS.md

bench-ldap: ## measure the address book against slapd, write docs/BENCHMARKS-LDAP.md (PEOPLE=50000 is the quick form)
	$(GO) run ./bench/ldap -people $(PEOPLE) -out $(BENCH) -doc docs/BENCHMARKS-LDAP.md

soak: ## the long sweeps (docs/SOAK.md): crashes, hostile connections, random operations, for hours (SOAK=100: half as long)
	ANNUAIRE_SOAK=$(SOAK) $(GO) test -timeout 6h -count=1 ./cmd/annuaire ./internal/... ./sync/... ./index ./ldapd/peers
	ANNUAIRE_SOAK=$(SOAK) $(GO) test -timeout 3h -count=1 ./api ./ldapd ./ldapd/ber ./ldapd/dn ./ldapd/filter ./ldapd/match -args -rapid.checks=20000

golden: ## rewrite the golden files after a wanted change
	$(GO) test ./... -update

clean: ## remove what the other targets made
	rm -rf bin $(BENCH) demo-data
