# Two commands matter: `make run` and `make test`. Both set everything up first, in .venv, with uv when it is there.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FRAMEWORKS := .venv-frameworks
LENT := keras jax torch scikit-learn tensorboard tensorboardX wandb lightning transformers accelerate pandas
BARE := numpy h5py pillow orjson platformdirs psutil safetensors tomli-w
PEERS := benchmarks/peers/.venv
COMPARED := wandb terminalboard tensorboardX 'plotext<6'
# What failed beside others, on a machine with too much to do, is tried once more alone: faults fail again, and are told
# twice. Nothing is tried again where the tests themselves could not be run, or more than ten of them failed.
ALONE = { [ $$? = 1 ] && test $$($(BIN)/python -c "import json; print(len(json.load(open('.pytest_cache/v/cache/lastfailed'))))") -le 10 \
	&& $(BIN)/pytest -q --last-failed --last-failed-no-failures none -m "$(1)"; }
unexport PYTHONDONTWRITEBYTECODE # modules compiled anew at each start take longer than many a test

.PHONY: run test check read fast slow prove promises numbers frameworks bench gpu screenshots clean help

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(READY) ## the menu; without a terminal, a short GAN training as text
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/gan-tui; else $(BIN)/gan-tui train gan --steps 300 --plain; fi

test: ## everything that must pass
	$(MAKE) --jobs 2 check read
	$(MAKE) fast
	$(MAKE) slow

check: $(READY) ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

read: $(READY) # while types are checked: else each process of the tests would read all of them for the first time
	@told=$$($(BIN)/pytest -q --collect-only) || { echo "$$told" | sed -n '/= ERRORS =/,$$p'; exit 1; }

fast: $(READY) ## the fast tests, in under a minute
	$(BIN)/pytest -q -n 3 --dist worksteal -m "not slow" || $(call ALONE,not slow)

slow: $(READY) ## real trainings, real terminals, many screens
	$(BIN)/pytest -q -n 6 --dist worksteal -m "slow and not prove" --durations=10 || $(call ALONE,slow and not prove)

prove: promises numbers ## every promise and every number, at length: hours

promises: $(READY) ## kills, cuts, floods and fuzzes by the hundred: a table of what is promised, in half an hour
	$(BIN)/pytest -q -n 2 --dist worksteal tests/promises tests/house/test_old_runs.py tests/supervision/test_warm_start.py --full

numbers: $(READY) ## trains to the end and compares with the articles: 35 minutes or more
	$(BIN)/pytest -q tests -m prove -s

frameworks: $(FRAMEWORKS)/.ready ## JAX, torch and what writes the logs of others, for the tests of scripts and logs

bench: $(PEERS)/.ready ## the speed figures of docs/speed.md, in half an hour; some alone: make bench ROWS="gan keys"
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

$(FRAMEWORKS)/.ready: # without gan-tui, which the tests lend it, and without TensorFlow, which they have
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(FRAMEWORKS) && \
	  uv pip install --quiet --python $(FRAMEWORKS)/bin/python --torch-backend cpu $(LENT) $(BARE); \
	else \
	  $(PYTHON) -m venv $(FRAMEWORKS) && $(FRAMEWORKS)/bin/python -m pip install --quiet --disable-pip-version-check \
	    --extra-index-url https://download.pytorch.org/whl/cpu $(LENT) $(BARE); \
	fi
	@touch $@

clean: ## remove what was set up
	rm -rf $(VENV) $(PEERS) $(FRAMEWORKS) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
