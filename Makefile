# Every target first does what `make setup` does alone. It is quick when nothing changed.
# A fresh Debian 12 needs Python 3.11, npm, git and make; the rest is installed here.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3.11
BIN    := .venv/bin
HOME_FOLDER := $(or $(RESUME_HOME),instance)
# One file of tests stays in one process, so what a module prepares is prepared once.
PYTEST_ARGS ?= -n 2 --dist loadfile

CATALOGS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))

.PHONY: help setup packages browser run test check lint bench fuzz clean

help:
	@echo "make setup   environment in .venv, browser code in static/vendor, system packages"
	@echo "make run     set up, load the invented city once, serve; prints address and sign-ins"
	@echo "make test    the whole suite, on SQLite and PostgreSQL"
	@echo "make check   linters, types, contracts, migrations, then the suite"
	@echo "make bench   the measurements of bench/README.md"
	@echo "make fuzz    the whole campaign of bad input; some minutes"
	@echo "make clean   remove what setup made; databases and keys stay"

setup: packages .venv/installed browser $(CATALOGS)

packages:
	@scripts/setup.sh packages

# A lock that changed is installed into the same environment, so nothing is fetched twice.
.venv/locked: requirements.lock scripts/setup.sh | packages
	@scripts/setup.sh python "$(PYTHON)"
	@touch $@

.venv/installed: pyproject.toml .venv/locked
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# It compares fingerprints itself, so a file lost from static/vendor/ comes back.
browser: .venv/installed
	@$(BIN)/python scripts/vendor.py

%.mo: %.po | .venv/installed
	@$(BIN)/pybabel -q compile --input-file=$< --output-file=$@

run: setup
	@$(BIN)/resume init
	@test -e "$(HOME_FOLDER)/demo-sign-ins.txt" || $(BIN)/resume demo
	@exec $(BIN)/resume run

test: setup
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: setup
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python scripts/check_migrations.py

check: lint
	@$(MAKE) test

bench: setup
	@$(BIN)/python -m bench.run

fuzz: setup
	@$(BIN)/python -m tests.fuzz

clean:
	rm -rf .venv static/vendor static/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	rm -f $(CATALOGS)
