# What this repository can do for you. `make` alone lists it.
#
# Every target sets up what it needs by itself. Variables:
#   PYTHON=python3.12   which Python makes the environment (3.11 to 3.14)
#   WORKERS=4           how many tests run side by side
#   ARGS="--scale 0.2"  handed on to `vru papers` or `vru validate`; for `make explore` such as
#                       ARGS="--port 8866", for `make bench` such as ARGS="--quick"

.DEFAULT_GOAL := help
.PHONY: help env browser explore lab papers test validate bench constraints

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
BENCH := $(VENV)/installed-for-benchmarks
WORKERS ?= 2
CANDIDATES := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

env: $(STAMP) ## set up the environment in .venv: once, and again when the pins change
	@echo "Ready: try $(BIN)/vru --help, or $(BIN)/jupyter lab notebooks"

browser: ## install Chromium for the tests that drive a page, where Debian's packages can be had
	@if command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing Chromium from Debian's packages: about a minute, once."; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
	    || echo "Chromium could not be installed: the tests that need a browser are skipped."; \
	else \
	  echo "No Chromium here: the tests that need a browser are skipped (Debian: apt-get install chromium)."; \
	fi

explore: $(STAMP) ## explore scenarios on a page in your browser, on this machine alone; no code
	@$(BIN)/vru explore $(ARGS)

lab: $(STAMP) ## open the notebooks in JupyterLab, to look beneath
	@$(BIN)/vru lab $(ARGS)

papers: $(STAMP) ## write the board papers into outputs/papers
	@echo "Running the model and writing the board papers into outputs/papers: under ten minutes on two cores."
	@$(BIN)/vru papers $(ARGS)

test: $(STAMP) browser ## check style and the direction of imports, run the tests and the notebooks
	@echo "Checking style and imports, then running the tests and the notebooks: under twelve minutes on two cores."
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --nbval-lax tests notebooks

validate: $(STAMP) ## verify with more worlds, then hold the model against what is known: docs/validation.md
	@echo "Verifying the model with more worlds: about seven minutes on two cores."
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m validate tests
	@echo "Validating: what is not on disk is run, about four minutes on two cores."
	@$(BIN)/vru validate $(ARGS)

bench: $(BENCH) ## measure speed, memory and precision on an idle machine; writes docs/benchmarks.md
	@echo "Measuring: about a quarter of an hour on two idle cores; nothing else should run meanwhile."
	@$(BIN)/python -m vru_model.benchmarks $(ARGS)

constraints: $(STAMP) ## renew the pins from pyproject.toml (needs uv)
	@echo "Renewing constraints.txt to the newest versions that pyproject.toml allows."
	@uv pip compile pyproject.toml --all-extras --universal --upgrade --quiet \
	  --no-emit-index-url --no-header --no-annotate --output-file constraints.txt

# The stamp is written last: an installation that was interrupted is taken up again.
$(STAMP): pyproject.toml constraints.txt
	@python=; for name in $(CANDIDATES); do \
	  if "$$name" -c '$(SUPPORTED)' 2>/dev/null; then python="$$name"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11 to 3.14 is needed; tried: $(CANDIDATES). Install one, or say where it is: make env PYTHON=/path/to/python3.12" >&2; \
	  exit 2; \
	fi; \
	echo "Setting up $(VENV) with $$("$$python" --version): about a minute and 1.4 GB, once."; \
	rm -f $(STAMP); \
	if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python "$$(command -v "$$python")" $(VENV) && \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e ".[app,papers,cluster,dev]"; \
	else \
	  "$$python" -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --quiet -c constraints.txt -e ".[app,papers,cluster,dev]"; \
	fi || exit 1; \
	$(BIN)/python -m compileall -qq vru_model; \
	touch $(STAMP)

# What benchmarks are compared with is large and serves nothing else.
$(BENCH): $(STAMP)
	@echo "Adding what benchmarks compare with."
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e ".[app,papers,cluster,dev,bench]"; \
	else \
	  $(BIN)/python -m pip install --quiet --quiet -c constraints.txt -e ".[app,papers,cluster,dev,bench]"; \
	fi
	@touch $(BENCH)
