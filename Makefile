# Veilleur. `make run` and `make test` are all a newcomer needs: Go, Node and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := bin/veilleur
LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
DIST := web/assets/dist/.built
FRONT := $(wildcard web/assets/*.ts web/assets/*.css web/assets/css/*.css web/assets/package*.json web/assets/build.sh)

help: ## Say what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Build all and serve on SQLite and bleve in ./data
	$(BIN) serve

demo: build ## The same, on a small fictional movement, offline
	$(BIN) demo

build: assets ## Build the front end and the binary
	go build -o $(BIN) ./cmd/veilleur

assets: $(DIST) ## Bundle fonts, icons, htmx and our own CSS and TypeScript

$(DIST): $(FRONT)
	bash web/assets/build.sh

gen: ## Write the generated files again (templ)
	go tool templ generate -path web

test: assets ## All the tests; installs what they need where root and Debian are at hand
	bash .ci/setup
	bash .ci/fresh
	go vet ./...
	go test -timeout 9m ./...

test-peers: ## Publish to a real WordPress and read a real Dovecot, from Debian's packages
	bash .ci/setup peers
	VEILLEUR_PEERS=1 go test -count=1 -timeout 9m -run Peer ./internal/publish/... ./internal/engine/... ./crawler

race: assets ## The tests under the race detector
	go test -race -timeout 20m ./...

lint: ## golangci-lint, as .golangci.yml says
	$(LINT) run ./...

fmt: ## Format Go and templ
	gofmt -w cmd crawler index api web internal
	go tool templ fmt web

golden: ## Rewrite golden files and corpora from what the code says now
	go test ./crawler/feed ./web/... ./internal/digest -update

figures: assets ## Print what docs/ tells, measured again here (signals need ../shared)
	bash .ci/figures

quality: build ## Score the signals on ../shared/data by `veilleur eval`; fails when a figure is under its floor
	go run ./internal/quality --veilleur $(BIN) --data ../shared/data

ideas-sample: ## Write docs/ideas-sample.md again: a month of stories, and the ideas they gave (needs ../shared)
	go run ./internal/sample

bench-analysis: assets ## Entries of 400 words wholly analysed in a CPU-second, and what a reader holds after twelve windows
	go test -run '^$$' -bench Analysis -benchtime 8000x ./cmd/veilleur
	go test -count=1 -v -run MemoryOfAReader ./internal/engine

bench-crawl: assets ## What a thousand feeds cost: first fetch, nothing changed, one new entry in each
	VEILLEUR_BENCH=1 go test -count=1 -timeout 30m -v -run BenchCrawl ./cmd/veilleur

train: ## Make the tone model again, byte for byte (needs ../shared)
	go run ./internal/train

fuzz: ## Fuzz every parser, ten minutes each (FUZZTIME=1m for less)
	bash .ci/fuzz $(or $(FUZZTIME),10m)

bench: ## Go benchmarks, readable by benchstat
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: help run demo build assets gen test test-peers race lint fmt golden figures quality ideas-sample bench-analysis bench-crawl train fuzz bench
