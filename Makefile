# `make run` and `make test` are all that a newcomer needs; both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
IMR := $(BIN)/imr-assistant
SAMPLE := corpus/cases/acupuncture-low-back.txt

.PHONY: install run test test-full quick lint format bench bench-large clean

install: $(STAMP)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/it."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (about 2.6 GB; once only)"
	@$(PIP) install --quiet $(TORCH_FROM) "torch==2.13.0"
	@$(PIP) install --quiet --editable ".[dev,bench]"
	@touch $@

run: install
	@echo "The sample case, reviewed as of 2016-03-01:"
	@$(IMR) draft $(SAMPLE) --date 2016-03-01
	@$(IMR) serve

quick: install
	$(BIN)/python -m pytest -m "not slow and not browser"

test: install
	$(BIN)/python -m pytest -m "not slow"

test-full: install
	$(BIN)/python -m pytest -m slow

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/imr-assistant corpus check

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.chat_latency

bench-large: install
	$(BIN)/python -m benchmarks.run --large

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
