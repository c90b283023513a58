# `make run` shows Heng at work; `make test` and `make check` prove it. Everything installs itself.
BIN := .venv/bin
PYTEST = $(BIN)/python -m pytest
LOCK = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: help setup tools run reset test check bench faults messages lock

help: ## show these lines
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 18

setup: ## virtual environment, system libraries, catalogues
	@tools/setup.sh run

tools:
	@tools/setup.sh test

run: setup ## carry demo cases to signed PDFs, then serve them (PORT=8000, SERVE=0 stops before)
	@HENG_DEMO=1 $(BIN)/python manage.py run_demo

reset: ## forget everything `make run` made
	@rm -rf var && echo "var/ is gone; make run starts over."

test: tools ## the suite, browser journeys included (ARGS= for pytest, DATABASE_URL= for PostgreSQL)
	@$(PYTEST) -n 2 --dist worksteal $(ARGS)

check: tools ## format, lint, types, imports, settings, migrations, translations
	@tools/check.sh

bench: tools ## milliseconds and statements of a step, on PostgreSQL, into var/bench.json
	@tools/cluster.sh $(BIN)/python -m tests.benchmarks

faults: ## kill workers in the middle of their work, on both engines; walk the long journeys
	@tools/setup.sh faults
	@$(PYTEST) tests/faults $(ARGS)
	@$(PYTEST) tests/faults tests/journeys tests/views/desk -m "faults and journey" $(ARGS)
	@tools/cluster.sh $(PYTEST) tests/faults $(ARGS)

messages: tools ## collect new sentences into the catalogues
	@$(BIN)/python tools/messages.py update

lock: ## compile requirements/*.in into hashed locks
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements/dev.txt
	@for each in base test dev; do $(LOCK) -o requirements/$$each.txt requirements/$$each.in; done
