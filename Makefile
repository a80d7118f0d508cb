# Two commands matter: `make run` and `make test`. Both set everything up first, in .venv, with uv when it is there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := benchmarks/peers/.venv
COMPARED := wandb terminalboard tensorboardX 'plotext<6'
unexport PYTHONDONTWRITEBYTECODE # modules compiled anew at each start take longer than many a test

.PHONY: run test check fast slow prove promises numbers bench gpu screenshots clean help

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(READY) ## the menu; without a terminal, a short GAN training as text
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/gan-tui; else $(BIN)/gan-tui train gan --steps 300 --plain; fi

test: check fast slow ## everything that must pass

check: $(READY) ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fast: $(READY) ## the fast tests, in under a minute
	$(BIN)/pytest -q -n 3 --dist worksteal -m "not slow"

slow: $(READY) ## real trainings, real terminals
	$(BIN)/pytest -q -n 3 --dist worksteal -m slow --durations=10

prove: promises numbers ## every promise and every number, at length: hours

promises: $(READY) ## kills, cuts, floods and fuzzes by the hundred: a table of what is promised, in half an hour
	$(BIN)/pytest -q -n 2 --dist worksteal tests/promises tests/house/test_old_runs.py tests/supervision/test_warm_start.py --full

numbers: $(READY) ## trains to the end and compares with the articles: 35 minutes or more
	$(BIN)/pytest -q tests/prove -m prove -s

bench: $(PEERS)/.ready ## the speed figures of docs/speed.md, in 20 minutes; some alone: make bench ROWS="gan keys"
	$(BIN)/python benchmarks/run.py $(ROWS)

gpu: $(READY) ## what a GPU gives here, as a table, in ten minutes; without one, make gpu GPU="--presets xor" to try it
	$(BIN)/python benchmarks/gpu.py $(GPU)

screenshots: $(READY) ## the pictures of the README, from real runs
	$(BIN)/python screenshots/make.py

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "gan-tui needs Python 3.11 or newer; set PYTHON=python3.11, say."; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && uv pip install --quiet --compile-bytecode --python $(BIN)/python -e '.[dev]'; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $(READY)

$(PEERS)/.ready: $(READY) # what others show a training with, to compare
	-@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python -e '.[bench]'; \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(PEERS) && uv pip install --quiet --python $(PEERS)/bin/python $(COMPARED); \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'; \
	  $(PYTHON) -m venv $(PEERS) && $(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check $(COMPARED); \
	fi
	@mkdir -p $(PEERS) && touch $@

clean: ## remove what was set up
	rm -rf $(VENV) $(PEERS) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
