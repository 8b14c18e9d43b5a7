# The forum's commands. `make run` starts it, `make test` proves it; both prepare what they need.

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test production-check ci lint audit format demo screens lock clean

help:
	@echo "make run      start the forum (PORT=8000 HOST=127.0.0.1), Ctrl-C stops it"
	@echo "make test     linters, types, floors and all tests; REQUIRE_SERVICES=1 insists on PostgreSQL and Redis"
	@echo "make production-check  a whole installation on this machine: 3 web, 2 workers, PostgreSQL, Redis, nginx; PAGES=200"
	@echo "make lint     only what needs no tests"
	@echo "make audit    ask the database of advisories about every locked version (needs the network)"
	@echo "make format   bring Python and templates into their form"
	@echo "make demo     load the demo county into the local database"
	@echo "make screens  take the README's pictures again"
	@echo "make lock     resolve requirements*.in into requirements*.lock"
	@echo "make clean    remove what was installed and cached, keep the data in var/"

run: .venv/installed
	@DEBUG="$${DEBUG:-true}" SITE_URL="$${SITE_URL:-http://localhost:$${PORT:-8000}}" \
		exec $(BIN)/python manage.py up

# ARGS go to pytest: make test ARGS="-k reply"
test: .venv/installed-test
	@$(BIN)/python -m tests.proof.run -- $(ARGS)

# What docker-compose.yml describes, as processes of this machine, and everything that may break.
production-check: .venv/installed-test
	@REQUIRE_SERVICES=1 $(BIN)/python -m tests.proof.run --only services -- tests/production $(ARGS)

ci: test

lint: .venv/installed-test
	@$(BIN)/python -m tests.proof.run --only lint

# 0: nothing is known; 1: something is; 2: nobody could be asked. Worth a run a day, not only at a push.
audit: .venv/installed-test
	@$(BIN)/python -m tests.proof.audit

format: .venv/installed-test
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@find templates accounts forum forum_site -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

demo: .venv/installed
	@DEBUG="$${DEBUG:-true}" $(BIN)/python manage.py migrate --verbosity 0
	@DEBUG="$${DEBUG:-true}" $(BIN)/python manage.py demo

screens: .venv/installed-test
	@$(BIN)/python -m bench.screens

# The locks name no index address, so that they install from any mirror.
lock: .venv/installed-test
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements-test.in -o requirements-test.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/created:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" \
		|| { echo "The forum needs Python 3.11 or newer; name it with make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null \
		|| { echo "Python's venv is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Creating .venv ..."
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: requirements.lock .venv/created
	@echo "Installing what the forum runs on ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

.venv/installed-test: requirements-test.lock .venv/installed
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@
