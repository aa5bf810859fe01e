# `make` alone lists what there is. Everything below installs what it needs on first use.
PYTHON = .venv/bin/python
MAKEFLAGS += --no-print-directory

.PHONY: help run test soak check coverage mutation bench mpy clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: ## the simulated charger, its car and its backend; DEMO=1 charges a car on its own; Ctrl-C stops all of it
	@tools/setup run
	@trap : INT; DEMO="$(DEMO)" $(PYTHON) -m simulator demo; code=$$?; [ $$code -eq 130 ] || exit $$code

test: check ## the whole suite, on CPython and on MicroPython
	$(PYTHON) -m pytest

soak: check ## the same with much larger counts
	MODE3_SOAK=1 $(PYTHON) -m pytest

check: ## lint, format and types
	@tools/setup test
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy

coverage: ## whether the stories of control/ and ocpp_client/ reach every branch; link.py alone does I/O
	@tools/setup test
	$(PYTHON) -m coverage run --source=control -m pytest -q tests/control -k "not wrapping and not micropython" \
		--ignore tests/control/test_promises.py --ignore tests/control/test_peer_bugs.py
	$(PYTHON) -m coverage report --fail-under=100
	$(PYTHON) -m coverage run --source=ocpp_client -m pytest -q tests/ocpp_client -k "not micropython" \
		--ignore tests/ocpp_client/test_chaos.py --ignore tests/ocpp_client/test_chaos_sockets.py
	$(PYTHON) -m coverage report --fail-under=100 --omit=ocpp_client/link.py

mutation: ## does a test notice when control changes? The score of each module; MODULES="pilot diode" tries those
	@tools/setup test
	$(PYTHON) -m tests.mutation $(MODULES)

bench: ## the figures, as a table and as build/bench.json
	@tools/setup test
	$(PYTHON) -m tests.bench

mpy: ## every device file compiled, into build/mpy
	@tools/setup test
	$(PYTHON) flash.py build

clean: ## all that was made here, the virtual environment and the runtimes included
	rm -rf build .venv *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
