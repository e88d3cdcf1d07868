# What people type. `make help` lists it; .ci/ holds the scripts behind it.

chosen := $(PYTHON)
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test test-all concurrency bench fuzz clean again

# durable_rules has no wheel, and from Python 3.13 on it builds only with this.
export CPPFLAGS += -DPyEval_CallObject=PyObject_CallObject

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile
	@echo "PYTHON=python3.12 after any of them chooses another interpreter."

# The stamps say what the environment holds: it is only touched when pyproject.toml
# has changed, or when PYTHON= names another interpreter than the one that made it.
runtime := $(VENV)/.has-runtime
tools   := $(VENV)/.has-tools
fuzzers := $(VENV)/.has-fuzzers
rivals  := $(VENV)/.has-rivals

ifneq ($(chosen),)
ifneq ($(chosen),$(shell cat $(VENV)/.made-by 2>/dev/null))
$(runtime) $(tools): again
endif
endif

$(runtime): pyproject.toml
	@.ci/make-venv $(VENV) "$(PYTHON)"
	@echo "$(PYTHON)" > $(VENV)/.made-by
	@touch $@

$(tools): pyproject.toml
	@.ci/make-venv $(VENV) "$(PYTHON)" dev
	@echo "$(PYTHON)" > $(VENV)/.made-by
	@touch $(runtime) $@

$(fuzzers): $(tools)
	@.ci/make-venv $(VENV) "$(PYTHON)" fuzz
	@touch $@

$(rivals): $(tools)
	@.ci/make-venv $(VENV) "$(PYTHON)" bench
	@touch $@

setup: $(tools) ## make .venv with whopays and the tools to work on it
	@echo "$(VENV) is ready"

demo: $(runtime) ## show who pays a few sample claims, and why
	@$(BIN)/whopays demo

test: $(tools) ## check format, style, layers and types, then run the tests
	@echo "== ruff format --check"
	@$(BIN)/ruff format --check --quiet --output-format concise .
	@echo "== ruff check"
	@$(BIN)/ruff check --quiet .
	@echo "== lint-imports"
	@$(BIN)/lint-imports --no-logo
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== pytest"
	@$(BIN)/python -m pytest -q

test-all: ## run the tests on Python 3.11, 3.12 and 3.13
	@.ci/test-all

concurrency: $(tools) ## eight processes on a store for a minute, or STORE_SECONDS
	@STORE_SECONDS=$${STORE_SECONDS:-60} $(BIN)/python -m pytest -q -s tests/store/test_together.py

bench: $(rivals) ## measure how many claim lines a second are decided
	@$(BIN)/python tests/bench/run.py

office: $(tools) ## a day in the billing office with 10,000 accounts, on both databases
	@WHOPAYS_OFFICE_ACCOUNTS=10000 $(BIN)/python -m pytest -q tests/store/test_day.py

fuzz: $(fuzzers) ## look for inputs that break it, ten minutes or FUZZ_SECONDS
	@$(BIN)/python tests/fuzz/run.py

clean: ## remove the environments and everything that can be made again
	@rm -rf .venv .venv-* build dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find engine tests -name __pycache__ -type d -prune -exec rm -rf {} +
