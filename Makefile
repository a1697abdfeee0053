# Needs Python 3.11 or newer and make, nothing else: the first target that needs them installs the tools into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What a fake needs to run is installed first and alone; the tools of development come with the first target that
# needs them.
RUNTIME := $(VENV)/.runtime
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup serve test unit acceptance demo check docs format bench figures drift plan release-check clean

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

setup: $(READY)  ## install everything into .venv, again whenever pyproject.toml has changed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): pyproject.toml | $(BIN)/python
	@echo "Installing fake-webflow and the few packages it runs on into $(VENV) ..."
	$(PIP) .
	@touch $@

$(READY): pyproject.toml | $(BIN)/python
	@echo "Installing fake-webflow and the tools of development into $(VENV), which takes a minute ..."
	$(PIP) '.[dev]'
	@touch $(RUNTIME) $@

serve: $(RUNTIME)  ## start a fake on a seeded site; options in ARGS="--port 0"
	$(BIN)/fake-webflow serve $(ARGS)

test: $(READY)  ## the whole test suite; pytest's options in ARGS="-k upload"
	$(BIN)/python -m pytest -n auto $(ARGS)

acceptance: $(READY)  ## what needs Node, a browser, other servers or long counts; fails where one is missing
	$(BIN)/python -m pytest -n auto -m 'acceptance or hypothesis' --hypothesis-profile long $(ARGS)

unit: $(READY)  ## the suite without the contracts, their own tests, and packaging: under a minute
	$(BIN)/python -m pytest -n auto tests --ignore tests/contracts --ignore tests/packaging $(ARGS)

demo: $(READY)  ## a story with the official Python SDK
	$(BIN)/python docs/demo.py

check: $(READY)  ## linters, types, import rules, the ledger, wording, generated files, the site of the docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m contracts.ledger_check
	$(BIN)/python docs/check_wording.py
	$(BIN)/python docs/generate.py --check
	$(BIN)/mkdocs build --strict

docs: $(READY)  ## write the generated pages anew, and the site of the docs into site/
	$(BIN)/python docs/generate.py
	$(BIN)/mkdocs build --strict

format: $(READY)  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)  ## measure beside peers and floors, in about ten minutes; options in ARGS="--rows 1,3"
	$(BIN)/python -m bench $(ARGS)

figures: $(READY)  ## how the code is built, in figures; of another checkout in ARGS="--root PATH"
	$(BIN)/python -m bench.structure $(ARGS)

drift: $(READY)  ## try the whole suite against every drift and 20 clean fakes, and write down what noticed what; some in ARGS="NAME"
	$(BIN)/python -m contracts.drift $(ARGS)
	$(BIN)/python docs/generate.py

release-check: $(READY)  ## what would be published: built twice alike, green with the oldest and newest dependencies
	$(BIN)/python -m pytest -m acceptance -rP tests/packaging/test_release.py $(ARGS)

plan: $(READY)  ## measure what each contract test costs, and write the plan of rationed runs anew
	$(BIN)/python -m contracts.run.measuring

clean:  ## remove .venv and what tools left
	rm -rf $(VENV) build dist site .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
