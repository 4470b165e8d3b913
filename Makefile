# RBM Lab. `make` alone lists the targets. Nothing is needed but make and Python 3.11 or newer:
# each target first brings .venv up to the requirement files (tools/install.py), which takes
# minutes the first time and a moment from then on.

# The first Python on the PATH that is new enough; `make PYTHON=...` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; \
	done; echo python3)

# Not from the environment, where many a shell has a HOST of its own.
HOST = localhost
PORT = 8501
# auto: the CPU build where PyTorch's index can be reached, else PyPI's; cpu; cuda.
TORCH = auto
# More arguments for pytest or the benchmarks: make test ARGS="-k free_energy"
ARGS =

# Whether the tests in a browser must run: 0 leaves them out where there is none.
RBM_REQUIRE_BROWSER ?= 1

BIN := .venv/bin

# Two tests at a time, each file's in one process: a file's tests share what was costly to make.
PARALLEL = -n 2 --dist loadfile
# Given a choice of tests, a part of the suite may have none of them (pytest says so by a 5).
NONE_CHOSEN = $(if $(strip $(ARGS)),|| test $$? = 5)

# What the printed link says: all interfaces (0.0.0.0) is not an address to open.
LINK_HOST = $(if $(filter 0.0.0.0 ::,$(HOST)),localhost,$(HOST))

.DEFAULT_GOAL := help
.PHONY: help run test check soak lock docs fmt bench cover clean venv venv-dev python

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

run: venv ## serve the dashboard (PORT=8501 HOST=localhost TORCH=auto|cpu|cuda)
	@$(BIN)/python -m streamlit run app/main.py --server.address=$(HOST) --server.port=$(PORT) \
		--browser.serverAddress=$(LINK_HOST)

test: python ## set up and run every test, the browser's included (ARGS="-k name")
	@$(PYTHON) tools/install.py --dev $(if $(filter 1,$(RBM_REQUIRE_BROWSER)),--browser) --torch $(TORCH)
	@$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not soak" $(ARGS) $(NONE_CHOSEN)
	@RBM_REQUIRE_BROWSER=$(RBM_REQUIRE_BROWSER) $(BIN)/python -m pytest -m "browser and not soak" \
		$(ARGS) $(NONE_CHOSEN)

soak: venv-dev ## the tests that take half a minute and more, each
	@$(BIN)/python -m pytest $(PARALLEL) -m soak $(ARGS)

check: venv-dev ## format, lint, types, layers, scripts, fast tests
	@$(BIN)/ruff format --quiet --check . || { $(BIN)/ruff format --diff --quiet .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/check_javascript.py
	@$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not slow and not soak" -q $(ARGS)

lock: python ## renew constraints.txt: the newest versions that the requirements allow
	@$(PYTHON) tools/lock.py

fmt: venv-dev ## format, and mend what the linter can
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

docs: venv-dev ## build the documentation into site/, warnings as errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "site/index.html"

bench: venv-dev ## measure speed, side by side with peers (ARGS=...)
	@$(BIN)/python -m benchmarks $(ARGS)

cover: venv-dev ## fast tests with branch coverage
	@$(BIN)/python -m pytest $(PARALLEL) -m "not browser and not slow and not soak" -q --cov $(ARGS)

clean: ## remove caches and reports (.venv stays: delete it to set up anew)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage htmlcov site \
		.venv/.rbm-lab-compiled
	@find . -name .venv -prune -o -name __pycache__ -prune -exec rm -rf {} +

venv: python
	@$(PYTHON) tools/install.py --torch $(TORCH)

venv-dev: python
	@$(PYTHON) tools/install.py --dev --torch $(TORCH)

# Said here, in words that any Python since 2.7 understands.
python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "rbm-lab: Python 3.11 or newer is needed, and $(PYTHON) is not on the PATH" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "rbm-lab: Python 3.11 or \
	newer is needed, $(PYTHON) is %d.%d. Name another: make PYTHON=python3.12 ..." % sys.version_info[:2])'
