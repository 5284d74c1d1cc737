# make is the index of habits.
TOOL = go tool -modfile=infra/tools/go.mod

.PHONY: check fmt lint vet test race long peers oidc e2e kurrent-test compose fuzz bench golden generate run build

check: fmt lint vet race ## what a change must pass

fmt: ## fail if a file is not formatted
	@out="$$($(TOOL) gofumpt -l domain projections infra cmd)"; [ -z "$$out" ] || { echo "not formatted:"; echo "$$out"; exit 1; }

TAGS = long,peers,kurrent,oidc,e2e

lint:
	$(TOOL) golangci-lint run ./...
	$(TOOL) golangci-lint run --build-tags $(TAGS) ./...

vet:
	go vet ./...
	go vet -tags $(TAGS) ./...

test:
	go test ./...

# SQLite keeps its memory where the race detector does not look: to instrument it
# finds nothing, and makes it several times as slow.
RACE = go test -race -gcflags='modernc.org/...=-race=false'

race:
	$(RACE) -timeout 30m ./...

long: ## the tests that take longer
	go test -tags long ./...

peers: ## the official clients for Node against our server; needs node and npm
	go test -count=1 -tags peers -run TestPeers ./infra/eventstore/esdbwire

oidc: ## a certified provider of identities, and whether we believe it; needs node and npm
	go test -count=1 -tags oidc -run TestProvider ./infra/oidc/...

e2e: ## a service held against its description, through a proxy that judges each answer; needs node and npm
	go test -count=1 -tags e2e ./infra/httpapi/e2e

kurrent-test: ## the conformance suite on a server: make kurrent-test ESDB_URL=esdb://127.0.0.1:2113?tls=false
	ESDB_URL='$(ESDB_URL)' go test -tags kurrent -count=1 -run '^TestServer$$' ./infra/eventstore/kurrent

compose: ## is docker-compose.yml what it should be?
	cd infra/compose && go vet ./... && go test ./...

fuzz: ## 20 s for every decoder
	@go list ./... | while read -r pkg; do \
		for f in $$(go test -list '^Fuzz' "$$pkg" | grep '^Fuzz'); do \
			go test -run '^$$' -fuzz "^$$f\$$" -fuzztime 20s "$$pkg" || exit 1; \
		done; done

bench: ## figures for docs/performance.md
	go test -run '^$$' -bench . -benchtime 2s ./domain/... ./infra/eventstore/embedded ./infra/eventstore/kurrent ./infra/access ./infra/audit ./infra/tlog ./infra/tabular ./projections ./projections/register ./projections/search ./cmd/entente

golden: ## write the files that are made from the code
	go test -run Golden $$(grep -rl estest.Golden domain --include='*_test.go' | xargs -n 1 dirname | sort -u | sed 's|^|./|') -update
	go test ./infra/catalogue -update || go test ./infra/catalogue -update
	go test -run TestGoldenMatrix ./cmd/entente -update

generate: ## the description of the API, and the client made of it
	go test ./infra/client/generate -update

run:
	go run ./cmd/entente demo

build: ## one static binary
	CGO_ENABLED=0 go build -trimpath -o bin/entente ./cmd/entente
