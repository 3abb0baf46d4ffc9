# Two commands: `make demo` shows the product, `make test` proves it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
# Where the tests that need PostgreSQL find a server; they run on SQLite as well.
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres

# Three at a time on two cores: much of the suite waits for a browser, a server or a clock.
PARALLEL := -n 3 --dist loadscope --no-loadscope-reorder

RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
FRONT := frontend/node_modules/.package-lock.json
DIST := src/palveluverkko/static/dist/manifest.json
CATALOGS := $(wildcard src/palveluverkko/locale/*/LC_MESSAGES/*.po)
COMPILED := $(CATALOGS:.po=.mo)

.PHONY: demo demo-telephony test lint unit postgres browser chromium coturn redis telephony gettext pango messages lock clean

demo: $(RUN) $(DIST) $(COMPILED)
	$(BIN)/palveluverkko demo $(if $(filter 0,$(SERVE)),--no-serve,--serve)

# The same with a telephone network of its own: an adviser's press calls a telephone that answers.
demo-telephony: $(RUN) $(DIST) $(COMPILED) telephony
	$(BIN)/python -m telephony.demo

test: $(DEV) $(DIST) $(COMPILED) chromium coturn redis telephony gettext pango lint unit postgres

lint: $(DEV) $(FRONT) $(COMPILED) $(DIST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m django makemigrations --check --dry-run --settings palveluverkko.config.settings
	npm --prefix frontend run check

unit: $(DEV) $(DIST) $(COMPILED)
	$(BIN)/pytest $(PARALLEL)

# The same tests of everything that keeps records, on PostgreSQL.
postgres: $(DEV) $(DIST) $(COMPILED)
	@if $(BIN)/python -c "import psycopg; psycopg.connect('$(TEST_DATABASE_URL)', connect_timeout=3)" 2>/dev/null; then \
		DATABASE_URL='$(TEST_DATABASE_URL)' $(BIN)/pytest $(PARALLEL) -m "not browser" \
			tests/network tests/messages tests/demand tests/booking tests/walkins tests/contact tests/meeting tests/decisions \
			tests/example tests/web tests/api tests/cli; \
	elif [ "$$CI" = true ]; then \
		echo "PostgreSQL is not reachable at $(TEST_DATABASE_URL)"; exit 1; \
	else \
		echo "NOT RUN: the PostgreSQL half of the tests (nothing answers at $(TEST_DATABASE_URL))"; \
	fi

chromium:
	@command -v chromium >/dev/null || [ -n "$$CHROMIUM" ] || \
		(apt-get update -qq && apt-get install -y -qq chromium fonts-dejavu-core)

# Carries the sound of calls where browsers cannot reach each other.
coturn:
	@command -v turnserver >/dev/null || (apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends coturn)

# Carries words between processes that serve pages.
redis:
	@command -v redis-server >/dev/null || (apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends redis-server)

# The border to the telephone network, and a telephone: docs/telephony.md.
telephony:
	@$(PYTHON) -c "from telephony.parts import missing; raise SystemExit(bool(missing()))" || { \
		[ "$$(id -u)" = 0 ] || { echo "Run 'make telephony' once as root: it installs packages."; exit 1; }; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends kamailio \
		kamailio-websocket-modules kamailio-autheph-modules rtpengine-daemon baresip-core; }

gettext:
	@command -v xgettext >/dev/null || (apt-get update -qq && apt-get install -y -qq gettext)

# What WeasyPrint sets letters with; without it everything else works.
pango: $(RUN)
	@($(BIN)/python -c "import weasyprint" 2>/dev/null && fc-list | grep -q "DejaVu Sans") || \
		(apt-get update -qq && apt-get install -y -qq \
		libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) || (rm -rf $(VENV) && apt-get update -qq && \
		apt-get install -y -qq python3-venv && $(PYTHON) -m venv $(VENV))

$(RUN): requirements.lock pyproject.toml hatch_build.py | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	@touch $@

$(FRONT): frontend/package.json frontend/package-lock.json
	npm --prefix frontend ci --no-progress
	@touch $@

$(DIST): $(RUN) $(FRONT) $(wildcard frontend/*.ts frontend/*.json frontend/src/* frontend/src/*/*)
	npm --prefix frontend run build
	$(BIN)/python -m whitenoise.compress -q src/palveluverkko/static/dist
	@touch $@

%.mo: %.po | $(RUN)
	$(BIN)/python hatch_build.py

# Collect strings from code and templates into the catalogs (needs GNU gettext).
messages: $(DEV) gettext
	cd src/palveluverkko && PALVELUVERKKO_HOME=../../var ../../$(BIN)/django-admin makemessages -l fi -l sv --no-location \
		--ignore "static/*" --settings palveluverkko.config.settings

# New versions of every dependency within the bounds of pyproject.toml.
lock: $(DEV)
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --upgrade --no-emit-index-url --no-header --extra build \
		-o requirements.lock pyproject.toml
	$(BIN)/uv pip compile -q --upgrade --no-emit-index-url --no-header --extra build --extra dev \
		-o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) frontend/node_modules src/palveluverkko/static/dist var
