# The two commands: `make run` opens the app, `make test` tests it. Each does its own set-up.
PYTHON ?= python3
PORT ?= 8501
ADDRESS ?= localhost
VENV := .venv
PY := $(VENV)/bin/python
# Test processes; each has a server and a browser of its own.
JOBS ?= 2
SEED ?= $(shell date +%s)
PYTEST := HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(PY) -m pytest -n $(JOBS) --dist loadfile

.PHONY: run test quick shuffled mutants bench lint format messages screenshots clean
.DEFAULT_GOAL := run

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tokenscope needs Python 3.11 or newer. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.txt | $(PY)
	@echo "Installing what Tokenscope needs (about 1 GB with PyTorch; only the first time) ..."
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.test-ready: requirements.txt requirements-quantized.txt requirements-dev.txt | $(PY)
	@echo "Installing what the tests need ..."
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.run-ready

run: $(VENV)/.run-ready
	@exec $(PY) -m tokenscope --port $(PORT) --address $(ADDRESS)

# Folder by folder: the long files of the browser must not be left for the end, when one process has nothing to do.
test: $(VENV)/.test-ready
	@$(PY) scripts/chromium.py
	$(PYTEST) tests --no-loadscope-reorder

# All but the browser.
quick: $(VENV)/.test-ready
	$(PYTEST) tests/unit tests/figures tests/app

# The same in another order each time. The first line says the seed; `make shuffled SEED=123` repeats a run.
shuffled: $(VENV)/.test-ready
	$(PYTEST) tests/unit tests/figures tests/app -p randomly --randomly-seed=$(SEED)

$(VENV)/.mutants-ready: requirements-mutants.txt $(VENV)/.test-ready
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-mutants.txt
	@touch $@

# Changes the arithmetic in thousands of small ways: which of them does no test notice? Hours for all of them, minutes for some:
# `make mutants MUTANTS='model_backend.analysis.heads.*'`, and SAMPLE=500 takes that many by lot (LOT=1: others). What it did is kept in mutants/.
mutants: $(VENV)/.mutants-ready
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(PY) -m scripts.mutants --sample $(or $(SAMPLE),0) --seed $(or $(LOT),0) --jobs $(JOBS) $(MUTANTS)

# TransformerLens stands in a folder apart and without its dependencies: the versions that the app runs on stay.
$(VENV)/.bench-ready: requirements-bench.txt $(VENV)/.test-ready
	@echo "Installing what the trace is measured against ..."
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(VENV)/bench -r requirements-bench.txt
	@touch $@

bench: $(VENV)/.bench-ready
	@for file in tests/benchmarks/bench_*.py; do name=$$(basename $$file .py); HF_HUB_OFFLINE=1 $(PY) -m tests.benchmarks.$$name || exit 1; done

lint: $(VENV)/.test-ready
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m basedpyright --pythonpath $(PY)

format: $(VENV)/.test-ready
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

# Reads every sentence out of the source, brings the translations in locale/ up to date and says what they lack.
messages: $(VENV)/.test-ready
	$(PY) -m scripts.messages

screenshots: $(VENV)/.test-ready
	@$(PY) scripts/chromium.py
	HF_HUB_OFFLINE=1 $(PY) -m scripts.screenshots docs/screenshots

clean:
	rm -rf $(VENV) mutants .pytest_cache .ruff_cache
