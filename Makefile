# Swiftlet: what a developer types. `make run` first.
.PHONY: run generate build test lint format bench conformance faults fuzz system archives test-system
SHELL := /bin/bash
SWIFT ?= swift
# Exclusive access is checked in debug builds and tests; a release trusts them, in the packages that it is made of too.
RELEASE := $(SWIFT) build -c release -Xswiftc -enforce-exclusivity=unchecked
FUZZ ?= 1000000
# What `make generate` fills the database up to.
USERS ?= 100000
ORDERS ?= 500000
PRODUCTS ?= 100000
# So many tests at once: more would only wait for one another, and their time limits with them.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 8

# What the programs need of Debian, and what the benchmarks cannot do without; they install their peers themselves.
SYSTEM := libpq-dev libssl-dev libcurl4-openssl-dev pkg-config zlib1g-dev libsqlite3-dev postgresql-15
BENCH := wrk util-linux python3

## run: install what is missing, build a release, start a private PostgreSQL, serve manifest.yaml on port 8080
run: build
	@echo
	@echo "Once it listens, try:"
	@echo "  curl http://127.0.0.1:$${PORT:-8080}/api/hello"
	@echo "  curl 'http://127.0.0.1:$${PORT:-8080}/api/products?limit=3'"
	@echo "  TOKEN=\$$(.build/release/swiftlet token --as 1 --role admin --scope users:write)"
	@echo "  curl -H \"Authorization: Bearer \$$TOKEN\" 'http://127.0.0.1:$${PORT:-8080}/api/users?limit=3'"
	@echo "  curl http://127.0.0.1:$${PORT:-8080}/health"
	@echo "  .build/release/swiftlet status"
	@echo
	@Functions/Database/run .build/release/swiftlet serve

## generate: fill the database of `make run`, or the one at DATABASE_URL, up to 100,000 users and 500,000 orders
generate: system
	@Functions/Database/run Functions/Database/generate $(USERS) $(ORDERS) $(PRODUCTS)

## build: a release: swiftlet and one executable a function in .build/release/
build: archives
	$(RELEASE)

## test: install what is missing and run every test
test: test-system archives
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip EndToEndTests
	$(RELEASE)
	$(SWIFT) test --skip-build --filter EndToEndTests

lint:
	@.ci/lint

format:
	$(SWIFT) format format -i --parallel --configuration .swift-format -r Package.swift Runtime Functions Tests

## bench: benchmarks beside their peers; the table and bench.json
bench: build
	@.ci/install $(BENCH)
	@Tests/Benchmarks/run

## conformance: the public test suites and third-party checkers, by name and count
conformance: build test-system
	@.ci/install python3 python3-venv util-linux
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --filter 'JSONCodingTests|HTTPServingTests|GatewayTests'
	@Tests/Conformance/run

## faults: long runs of the fault tests: kills under load
faults: build test-system
	$(SWIFT) build --build-tests
	SWIFTLET_FAULT_SECONDS=60 $(SWIFT) test --skip-build --filter EndToEndTests

## fuzz: a million random and mutated inputs for every parser
fuzz: test-system
	$(SWIFT) build --build-tests
	SWIFTLET_FUZZ_ITERATIONS=$(FUZZ) $(SWIFT) test --skip-build --filter '[Ff]uzz'

system:
	@.ci/install $(SYSTEM)

# What functions take in of libpq and OpenSSL, instead of loading it at each start.
archives: system
	@.ci/libpq

test-system: system
	@.ci/install curl procps openssl
