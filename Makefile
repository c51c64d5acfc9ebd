# surveyapp: `make run` tries it, `make test` checks it, `make help` lists the rest.

PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -q --disable-pip-version-check --no-deps
CATALOGS := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

# Without compiled byte code every start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

# A folder that was moved or copied still names its old place in what is installed.
$(shell [ ! -d $(VENV) ] || [ "$$(cat $(VENV)/place 2>&1)" = "$$(pwd -P)" ] || rm -f $(VENV)/*.installed)

# $(call apt,PACKAGES): install Debian packages as root or with sudo, or say what to type.
define apt
{ \
  as=; [ "$$(id -u)" = 0 ] || as=sudo; \
  echo "Installing Debian packages: $(1)"; \
  for tool in apt-get $$as; do command -v $$tool >/dev/null || break; tool=; done; \
  [ -z "$$tool" ] \
  && { $$as apt-get update -q || true; } \
  && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(1) \
  || { echo "Missing: $(1). As root, type: apt-get install -y $(1)" >&2; exit 1; }; \
}
endef

# The first Python that is new enough; `make run PYTHON=...` names another.
define find_python
	for python in $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3); do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break; \
	  python=; \
	done; \
	[ "$$python" ] || { echo "Python 3.11 or newer is missing. As root, type: apt-get install -y python3" >&2; exit 1; }
endef

.DELETE_ON_ERROR:
.PHONY: help run test lint types translations lock clean components

help:  ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 22

run: $(VENV)/run.installed $(CATALOGS)  ## Start with simulated answers on 127.0.0.1:8000 (PORT=8080 for another)
	@exec $(VENV)/bin/surveyapp run --demo --port $(PORT)

test: components $(VENV)/dev.installed $(CATALOGS) lint types  ## Check everything, on SQLite and PostgreSQL and in a browser
	@$(PY) -m pytest -n 2

lint: $(VENV)/dev.installed  ## Check style and formatting
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

types: $(VENV)/dev.installed  ## Check types
	@$(PY) -m mypy

translations: $(VENV)/dev.installed  ## Gather new texts into translations/ and compile them
	@$(PY) -m babel.messages.frontend -q extract -F babel.cfg -k N_ --sort-by-file --add-location=file \
	  --project surveyapp -o translations/messages.pot .
	@for po in translations/*/LC_MESSAGES/messages.po; do \
	  language=$${po#translations/}; \
	  $(PY) -m babel.messages.frontend -q update -i translations/messages.pot -o $$po -l $${language%%/*} \
	    --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; \
	done
	@$(PY) hatch_build.py

lock: $(VENV)/dev.installed  ## Lock the dependencies anew (UPGRADE=--upgrade for the newest)
	@for lock in "build requirements" "dev requirements-dev"; do \
	  set -- $$lock; \
	  $(PY) -m uv pip compile -q pyproject.toml --group $$1 -o $$2.lock --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header --no-annotate --system-certs $(UPGRADE) || exit 1; \
	done

clean:  ## Remove what was made, except the database
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis $(CATALOGS)
	@find . -name __pycache__ -prune -exec rm -rf {} +

$(PY):
	@$(find_python); \
	package="$$($$python -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')"; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || $(call apt,$$package); \
	$$python -m venv --clear $(VENV)

# The packages at their locked versions, and surveyapp itself, read where it stands.
$(VENV)/run.installed: $(PY) pyproject.toml hatch_build.py requirements.lock
	@echo "Installing the locked packages into $(VENV) (about a minute, once)"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-build-isolation -e .
	@pwd -P > $(VENV)/place
	@touch $@

$(VENV)/dev.installed: $(VENV)/run.installed requirements-dev.lock
	@echo "Installing the tools for development"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

%.mo: %.po $(VENV)/run.installed
	@$(PY) hatch_build.py

# What the tests need beside Python. Debian keeps initdb out of the path.
MISSING := $(strip \
  $(if $(wildcard /usr/lib/postgresql/*/bin/initdb),,postgresql) \
  $(if $(wildcard /usr/bin/chromium),,chromium) \
  $(if $(wildcard /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf),,fonts-dejavu-core))

components:
	@$(if $(MISSING),$(call apt,$(MISSING)))
