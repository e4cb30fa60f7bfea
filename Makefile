# One command to a living system: `make run`. Everything it needs is fetched by the locks, nothing is assumed
# but Python 3.11 or newer. The data is under var/.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
TRANSLATIONS := $(wildcard src/qitong/locale/*/LC_MESSAGES/*.po)
COMPILED := $(TRANSLATIONS:.po=.mo)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PIP_TOOLS := pip-tools==7.6.2
COMPILE := bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: run install setup test check-browser lint types contracts migrations-check pytest fuzz check-rules audit bench flow permissions messages \
	screens lock wheel clean help
.DEFAULT_GOAL := help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/.runtime $(COMPILED)  ## everything, on http://127.0.0.1:8000 (PORT=… changes it)
	@exec $(BIN)/qitong up --port $(PORT)

install: .venv/.dev $(COMPILED)  ## what working on it needs, nothing started

setup: install  ## everything that run does, without serving
	@$(BIN)/qitong up --prepare

.venv/bin/python:
	@command -v "$(PYTHON)" >/dev/null || { echo "Python 3.11 or newer is needed; name it with PYTHON=…"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed, this is $$("$(PYTHON)" --version); name one with PYTHON=…"; exit 1; }
	"$(PYTHON)" -m venv .venv

# The stamps say which lock is installed: unchanged, nothing is asked of the network.
.venv/.runtime: requirements.lock pyproject.toml hatch_build.py | .venv/bin/python
	@[ -e .venv/.dev ] || { echo "Installing what qitong needs …"; $(PIP) install --require-hashes -r requirements.lock; }
	@[ ! -e .venv/.dev ] || $(MAKE) --no-print-directory .venv/.dev
	@[ -e .venv/.dev ] || $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml hatch_build.py | .venv/bin/python
	@echo "Installing what working on qitong needs …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

# Types take one core a minute, and what else is static the other.
test: setup check-browser  ## every check there is; CI=true makes a missing browser an error
	@$(MAKE) --no-print-directory -j2 types contracts migrations-check lint
	@$(MAKE) --no-print-directory pytest

# Debian as root can fetch the browser; elsewhere the journeys are skipped loudly, and fail in CI. The one
# without a window does half the work of the whole one.
check-browser:
	@if ! command -v chromium-headless-shell >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the journeys …"; export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; \
		apt-get install -qq -y chromium-headless-shell fonts-noto-cjk >/dev/null \
			|| apt-get install -qq -y chromium fonts-noto-cjk >/dev/null; \
	fi; \
	if ! command -v chromium-headless-shell >/dev/null && ! command -v chromium >/dev/null; then \
		echo "*** NO CHROMIUM: the browser journeys are SKIPPED. Install chromium-headless-shell to run them. ***"; \
		[ "$${CI:-}" != true ] || { echo "*** In CI that is a failure. ***"; exit 1; }; \
	fi

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

migrations-check:
	$(BIN)/qitong manage makemigrations --check --dry-run

# Fleets of processes that are killed have the machine to themselves: beside them browsers would be starved, and
# they by browsers. Then whichever of the two has done its half takes over from the other.
FLEETS := tests/faults/test_kill_at_random.py tests/faults/test_replica.py
pytest:
	QITONG_DATA=var/test $(BIN)/pytest $(FLEETS)
	QITONG_DATA=var/test $(BIN)/pytest -n 2 --dist worksteal $(FLEETS:%=--ignore %)

fuzz: setup  ## twenty times as many generated inputs as a build tries, and other ones each time (FUZZ=…)
	QITONG_FUZZ=$${FUZZ:-20} QITONG_DATA=var/test $(BIN)/pytest -n 2 tests/fuzz

check-rules: install  ## a million random comparisons of every way to run a rule (CHECKS=…, SEED=…)
	@QITONG_DATA=var/test $(BIN)/python -m tests.policies.engines.many $${CHECKS:-1000000} $${SEED:-1}

bench: install  ## measure what is promised and write docs/benchmarks.md (BENCH_SIZES=10000,1000000)
	@$(BIN)/python bench/workdays.py
	@$(BIN)/python -m bench

flow: .venv/.runtime  ## docs/flow.md, drawn from the table of moves
	@$(BIN)/python -m qitong.casework.flowdoc > docs/flow.md

permissions: .venv/.runtime  ## docs/permissions.md, asked of the permission functions
	@$(BIN)/qitong permissions > docs/permissions.md

messages: install  ## gather the texts for translation
	@$(BIN)/python tools/messages.py

screens: install  ## the pictures in the documents
	@$(BIN)/python tools/screens.py

wheel: install  ## dist/*.whl, which runs alone
	@$(BIN)/hatchling build --target wheel --directory dist

# Runtime is constrained by dev, so that what is checked is what runs. The tool that resolves lives in an
# environment of its own, gone afterwards: it is needed a few times a year, by few.
lock: .venv/bin/python  ## resolve the dependencies anew, with hashes (UPGRADE=--upgrade takes newer ones)
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; $(BIN)/python -m venv "$$tools"; \
	"$$tools/bin/python" -m pip --disable-pip-version-check --quiet install $(PIP_TOOLS); \
	"$$tools"/$(COMPILE) $(UPGRADE) --extra build --extra s3 --extra clickhouse --extra dev \
		--output-file requirements-dev.lock pyproject.toml; \
	"$$tools"/$(COMPILE) $(UPGRADE) --constraint requirements-dev.lock --extra build \
		--output-file requirements.lock pyproject.toml

audit: .venv/bin/python  ## known weaknesses of what the locks name (AUDIT=--required: fail when none can be asked)
	@$(BIN)/python tools/audit.py $(AUDIT)

clean:  ## the environment and what was built; the data under var/ stays
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
