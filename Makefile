# The commands of Stackyard.

# One set of tags everywhere, so that SQLite is compiled once.
export GOFLAGS := -tags=sqlite_fts5

BUNDLE         := server/playground/dist/index.html
BUNDLE_SOURCES := $(shell find clients/playground clients/examples -type f) clients/package.json
NODE_MODULES   := clients/node_modules/.package-lock.json
GO_SOURCES     := ent graph internal server tools.go

.DEFAULT_GOAL := build
.PHONY: run build playground bundle test check access-matrix rules generate clean

# run builds what is not up to date and starts the server; ARGS are added to its command line.
run: bundle build
	bin/stackyard --dev $(ARGS)

build:
	go build -o bin/stackyard ./server

# playground builds the bundle that the next build embeds; it needs Node 20.19 or newer.
playground: $(NODE_MODULES)
	cd clients && npm run build

# bundle is playground where that can be built and is not up to date; the server runs without it.
bundle:
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(BUNDLE) || echo 'The playground was not built; the server runs without it.' >&2; \
	else \
		echo 'There is no npm: the playground was not built; the server runs without it.' >&2; \
	fi

$(BUNDLE): $(BUNDLE_SOURCES) $(NODE_MODULES)
	cd clients && npm run build

$(NODE_MODULES): clients/package-lock.json
	cd clients && npm ci --no-audit --no-fund

# test runs everything; what could not be covered on this machine is said at the end. Results are not taken
# from Go's cache, which does not know whether a PostgreSQL answered.
test: bundle build
	go test -race -count=1 -timeout 20m ./...
	.ci/test-clients
	.ci/check-postgres

# check finds what tests do not: stale generated code, doubtful constructs, form, imports, the contract's rules.
check:
	.ci/check-generated
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck ./...
	@unformatted=$$(go run mvdan.cc/gofumpt -l $(GO_SOURCES)) && test -z "$$unformatted" \
		|| { echo "gofumpt would change:"; echo "$$unformatted"; exit 1; } >&2
	go test -run 'Import|Violations|SDL' ./internal ./graph
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(NODE_MODULES) && npm --prefix clients run check; fi

# access-matrix writes the table of who may read and do what; the tests compare it with the schema.
access-matrix:
	go test ./graph -run AccessTable -write-access-table

# rules writes what the rules, the marks and the comparisons say of themselves; a test compares it with the code.
rules:
	go test ./internal/advice -run DocumentedRules -write-rules

generate:
	go generate ./...

clean:
	rm -rf bin
	find server/playground/dist -mindepth 1 ! -name .gitkeep -delete
