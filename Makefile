# Stichwort. `make` lists the targets.

PYTHON ?= python3
VAR ?= var
PORT ?= 8080
CORPUS ?=
CASES ?=
DATASET ?=
OPEN ?= ../shared/data
JUDGE ?=
OUT ?= out
FORGET ?=

PY := .venv/bin/python
PACKAGES := .venv/.stamp
FITTING := .venv/.stamp-fit
WEIGHTS := models/multilingual-e5-small-customer/checksums.json
ADAPTER := index/adapters/customer/adapter_model.safetensors index/adapters/customer/adapter_config.json
READY := $(PACKAGES) $(WEIGHTS)
# One process a core; the tests of a file share what they set up, so they stay together.
PARALLEL := -n 2 --dist loadfile

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup demo serve reindex check-corpus rollback verify suggest train test test-all lint type check openapi \
	evaluate evaluate-open evaluate-mails masking recovery lint-templates fit-encoder fit-shipped-ranker judge gate needs-corpus needs-cases \
	needs-set

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  Variables: VAR=$(VAR) (state)  PORT=$(PORT)  CORPUS=folder  CASES=file.jsonl  OUT=folder  PYTHON=$(PYTHON)"

setup: $(READY) ## install packages into .venv, build the encoder weights, repair damaged ones
	@$(PY) -m index.weights

demo: $(READY) ## build the demo index, show suggestions, then serve
	$(PY) -m assist demo --var "$(VAR)" --port $(PORT)

serve: $(READY) ## serve suggestions; Ctrl-C ends it
	$(PY) -m assist serve --var "$(VAR)" --port $(PORT)

reindex: needs-corpus $(READY) ## import CORPUS=folder and build its index
	$(PY) -m index build --var "$(VAR)" --corpus "$(CORPUS)"

check-corpus: needs-corpus $(READY) ## check CORPUS=folder and show what a reindex would change
	$(PY) -m index check --var "$(VAR)" --corpus "$(CORPUS)"

rollback: $(READY) ## go back to the snapshot before the current one
	$(PY) -m index rollback --var "$(VAR)"

verify: $(READY) ## check every file of snapshots, encoders and store against what was written
	$(PY) -m index verify --var "$(VAR)"

suggest: needs-cases $(READY) ## answer CASES=file.jsonl, one JSON object a line
	@$(PY) -m assist suggest --var "$(VAR)" --cases "$(CASES)"

train: $(READY) ## learn a ranker from the store's own solved cases; FORGET=yes: go back to the shipped one
	$(PY) -m assist train --var "$(VAR)" $(if $(FORGET),--forget)

evaluate: needs-set $(READY) ## measure precision on DATASET=folder or CORPUS=folder, into OUT
	$(PY) -m evaluation run $(if $(DATASET),--dataset "$(DATASET)",--corpus "$(CORPUS)") --out "$(OUT)"

evaluate-open: $(READY) ## measure every set under OPEN=folder, into OUT
	$(PY) -m evaluation open --data "$(OPEN)" --out "$(OUT)"

evaluate-mails: $(READY) ## measure encoders and centring on the mails of every industry under OPEN, into OUT
	$(PY) -m evaluation mails --mails "$(OPEN)/mails" --dataset "$(OPEN)/beir/mail_cwa_de" \
		--dataset "$(OPEN)/beir/mail_alchemy_de" --out "$(OUT)/mails"

masking: $(PACKAGES) ## measure how much personal data is found and masked
	@$(PY) -m corpus masking --templates "$(OPEN)/templates/real_templates.jsonl"

recovery: needs-corpus $(PACKAGES) ## measure how well CORPUS=folder shows which templates and articles were used
	@$(PY) -m corpus recovery --corpus "$(CORPUS)"

lint-templates: needs-corpus $(PACKAGES) ## say what is wrong with, or doubtful about, the templates of CORPUS=folder
	@$(PY) -m corpus lint --corpus "$(CORPUS)"

fit-shipped-ranker: $(READY) ## fit the shipped scorers on the sets under OPEN=folder, into assist/scorers
	$(PY) -m evaluation fit-shipped-ranker --open "$(OPEN)" --out assist/scorers

fit-encoder: $(READY) $(FITTING) ## fit the encoder to how customers write; CORPUS=folder: to its own solved cases
	$(PY) -m evaluation fit-encoder $(if $(CORPUS),--corpus "$(CORPUS)")

judge: OUT := out/judging
judge: needs-corpus $(READY) ## let a team label its own cases of CORPUS=folder, into OUT
	$(PY) -m evaluation judge --corpus "$(CORPUS)" --out "$(OUT)" --judge "$(JUDGE)"

gate: $(READY) ## hold the demo corpus against evaluation/gates.toml
	@$(PY) -m evaluation run --corpus corpus/demo --out "$(OUT)/gate" --no-latency --no-abstention
	@$(PY) -m evaluation gate "$(OUT)/gate"

test: $(READY) ## run the tests
	$(PY) -m pytest $(PARALLEL)

test-all: $(READY) ## run the tests, the slow ones too
	$(PY) -m pytest $(PARALLEL) -m ""

lint: $(READY) ## check style and format
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

type: $(READY) ## check types
	$(PY) -m mypy

check: lint type gate test ## lint, type, hold the demo corpus against its floors, and test

openapi: OUT := docs
openapi: $(READY) ## write the OpenAPI document to docs/openapi.json, or to OUT=folder
	@mkdir -p $(OUT)
	$(PY) -m assist openapi > $(OUT)/openapi.json.new
	@mv $(OUT)/openapi.json.new $(OUT)/openapi.json

needs-corpus:
	@test -n "$(CORPUS)" || { echo 'CORPUS is not set. Usage: make $(firstword $(MAKECMDGOALS)) CORPUS=folder' >&2; exit 2; }

needs-set:
	@test -n "$(DATASET)$(CORPUS)" || { echo 'Usage: make evaluate DATASET=folder, or CORPUS=folder' >&2; exit 2; }

needs-cases:
	@test -n "$(CASES)" || { echo 'CASES is not set. Usage: make suggest CASES=file.jsonl' >&2; exit 2; }

$(PACKAGES): constraints.txt requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		'$(PYTHON) is missing or older than Python 3.11. Usage: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.11' >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check \
		-c constraints.txt -r requirements.txt -r requirements-dev.txt
	@touch $@

$(FITTING): $(PACKAGES) requirements-fit.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-fit.txt
	@touch $@

# The program builds only what is missing, damaged or made by another recipe; touching tells make that it looked.
$(WEIGHTS): $(PACKAGES) index/weights.py index/adapted.py $(ADAPTER)
	@$(PY) -m index.weights
	@touch $@
