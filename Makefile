# `make run` and `make test` are all that a newcomer needs; both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check
IMR := $(BIN)/imr-assistant
# Where the lock's torch comes from: PyTorch's public index of CPU builds, or a folder (--find-links DIR) that holds the wheel.
LOCK_TORCH ?= --torch-backend cpu
# What the container installs beside the plain dependencies.
LOCK_EXTRAS := --extra postgresql
SAMPLE := corpus/cases/acupuncture-low-back.txt

.PHONY: install run test test-postgres test-full quick lint format lock audit sbom bench bench-large clean

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
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

# Of the commands and the page what reads and writes the database; what is pure, or drafts without keeping, is left out.
POSTGRES_TOO := $(patsubst %,tests/test_%.py,accounts_command audit_command backup_of_postgres cases_command cases_expire \
	chats_command export_command guideline_command insights_command no_phi_left search_command versions_command) \
	tests/web tests/chat tests/evaluation/test_run.py

# The same tests on PostgreSQL, which the tests start: what reads and writes the database, and what drafts over it.
test-postgres: install
	IMR_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not letters" \
		tests/records tests/library tests/service tests/test_seed.py tests/test_evidence_and_versions.py $(POSTGRES_TOO)

test-full: install test-postgres
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "slow and not alone"
	$(BIN)/python -m pytest -m alone

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/imr-assistant corpus check

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# For the container: Linux on x86-64 and the Python of its image (tests/test_lock.py holds both against each other).
lock: install
	$(BIN)/uv pip compile pyproject.toml $(LOCK_EXTRAS) --output-file requirements.lock --generate-hashes --no-emit-index-url \
	  --python-version 3.11 --python-platform x86_64-manylinux_2_28 --only-binary :all: $(LOCK_TORCH) \
	  --custom-compile-command "make lock" --quiet

audit: install
	$(BIN)/python scripts/audit.py requirements.lock

sbom: install
	$(BIN)/python scripts/sbom.py requirements.lock pyproject.toml dist/sbom.cdx.json

bench: install
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.chat_latency
	$(BIN)/python -m benchmarks.cases_list
	$(BIN)/python -m benchmarks.page

bench-large: install
	$(BIN)/python -m benchmarks.run --large

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
