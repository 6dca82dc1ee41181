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
MODE ?= full
FORCE ?=
AT ?=
IMPORT ?=
FROM ?=
TO ?=
TEXT ?=
LOOSE ?=
ITEM ?=
SINCE ?=
# Whatever stands in it, the shell must take it as it is.
export TEXT
CASE ?=
CUSTOMER ?=
AGENT ?=
RECEIPT ?=
REBUILD ?=
DRY_RUN ?=
KIND ?=
MAP ?=
# LANGUAGE in the environment is that of the terminal's messages, not of an import.
ifneq ($(origin LANGUAGE),command line)
LANGUAGE :=
endif
TIMEZONE ?=
ENCODING ?=
PARTS ?=
SUSTAINED ?=

PY := .venv/bin/python
PACKAGES := .venv/.stamp
FITTING := .venv/.stamp-fit
RIVALS := .venv-bench/.stamp
WEIGHTS := models/multilingual-e5-small-customer/checksums.json
ADAPTER := index/adapters/customer/adapter_model.safetensors index/adapters/customer/adapter_config.json
READY := $(PACKAGES) $(WEIGHTS)
# One process a core; the tests of a file share what they set up, so they stay together. In the order of the folders the
# many short files of tests/unit come last, so that no process waits long for the other. What processes that tests start
# have compiled may be kept.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(PY) -m pytest
PARALLEL := -n 2 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
# All targets but files, whose names begin with a variable.
.PHONY: $(shell sed -n 's/^\([a-z][a-z-]*\):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

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

reindex: needs-corpus $(READY) ## import CORPUS=folder (MODE=full|upsert, FORCE=1), build its index, ask it, let it serve
	$(PY) -m index build --var "$(VAR)" --corpus "$(CORPUS)" --mode "$(MODE)" $(if $(filter-out 0 no off,$(FORCE)),--force)

check-corpus: needs-corpus $(READY) ## check CORPUS=folder and show what a reindex would change (MODE=…, AT=time)
	$(PY) -m index check --var "$(VAR)" --corpus "$(CORPUS)" --mode "$(MODE)" $(if $(AT),--at "$(AT)")

imports: $(READY) ## list all imports
	@$(PY) -m index imports --var "$(VAR)"

undo: needs-import $(READY) ## take IMPORT=number back, and let what was before it serve
	$(PY) -m index undo --var "$(VAR)" --import "$(IMPORT)"
import: needs-corpus needs-export $(PACKAGES) ## turn an export (FROM=path KIND=kind) into a file of CORPUS=folder; MAP=file
	@$(PY) -m corpus import --from "$(FROM)" --kind "$(KIND)" --corpus "$(CORPUS)" $(if $(MAP),--map "$(MAP)") \
		$(if $(LANGUAGE),--language "$(LANGUAGE)") $(if $(TIMEZONE),--timezone "$(TIMEZONE)") \
		$(if $(ENCODING),--encoding "$(ENCODING)")

rollback: $(READY) ## go back to the snapshot before the current one
	$(PY) -m index rollback --var "$(VAR)"

snapshots: $(READY) ## list the snapshots that are kept
	@$(PY) -m index snapshots --var "$(VAR)"

diff: $(READY) ## say which records differ between the snapshots FROM=id and TO=id (default: the last two that served)
	@$(PY) -m index diff --var "$(VAR)" $(if $(FROM),--from "$(FROM)") $(if $(TO),--to "$(TO)")

where: needs-text $(READY) ## find TEXT=… in articles, templates, actions and resolutions (LOOSE=1: 39.99 equals 39,99)
	@$(PY) -m index where --var "$(VAR)" --text "$$TEXT" $(if $(filter-out 0 no off,$(LOOSE)),--loose)

affected: needs-item $(READY) ## list the cases that were given ITEM=kind/id (SINCE=day)
	@$(PY) -m index affected --var "$(VAR)" --item "$(ITEM)" $(if $(SINCE),--since "$(SINCE)")

verify: $(READY) ## check every file of snapshots, encoders and store against what was written
	$(PY) -m index verify --var "$(VAR)"

backup: needs-to $(READY) ## copy store, ledger, secrets, own encoders and rankers into TO=folder, while the service runs
	$(PY) -m index backup --var "$(VAR)" --to "$(TO)"

restore: needs-from $(READY) ## put the backup FROM=folder in place, less what was erased since (FORCE=1: over a store)
	$(PY) -m index restore --var "$(VAR)" --from "$(FROM)" $(if $(filter-out 0 no off,$(FORCE)),--force)
	$(PY) -m index build --var "$(VAR)"

suggest: needs-cases $(READY) ## answer CASES=file.jsonl, one JSON object a line
	@$(PY) -m assist suggest --var "$(VAR)" --cases "$(CASES)"

explain: needs-case $(READY) ## tell why CASE=file.json is given what it is given (KIND=…, ITEM=id)
	@$(PY) -m assist explain --var "$(VAR)" --case "$(CASE)" $(if $(KIND),--kind "$(KIND)") $(if $(ITEM),--item "$(ITEM)")

train: $(READY) ## learn a ranker from the store's own solved cases; FORGET=yes: go back to the shipped one
	$(PY) -m assist train --var "$(VAR)" $(if $(FORGET),--forget)

acceptance: $(READY) ## print how suggestions were taken, never of fewer than ten agents; SINCE=2026-11
	@$(PY) -m assist acceptance --var "$(VAR)" $(if $(SINCE),--since "$(SINCE)")

erase: needs-whom $(READY) ## erase CASE=id, CUSTOMER=id or AGENT=name, with a receipt; RECEIPT=id: go on with one
	@$(PY) -m assist erase --var "$(VAR)" $(if $(CASE),--case "$(CASE)") $(if $(CUSTOMER),--customer "$(CUSTOMER)") \
		$(if $(AGENT),--agent "$(AGENT)") $(if $(RECEIPT),--receipt "$(RECEIPT)") $(if $(filter no,$(REBUILD)),--no-rebuild)

purge: $(READY) ## delete what is older than the settings allow; DRY_RUN=yes: only count it
	@$(PY) -m assist purge --var "$(VAR)" $(if $(filter yes,$(DRY_RUN)),--dry-run) $(if $(filter no,$(REBUILD)),--no-rebuild)

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

corpus-report: $(READY) ## what is wrong with CORPUS=folder, or with what serves, and what to do, into OUT
	@ASSIST_VAR="$(VAR)" $(PY) -m evaluation corpus-report $(if $(CORPUS),--corpus "$(CORPUS)") --out "$(OUT)"

judge: OUT := out/judging
judge: needs-corpus $(READY) ## let a team label its own cases of CORPUS=folder, into OUT
	$(PY) -m evaluation judge --corpus "$(CORPUS)" --out "$(OUT)" --judge "$(JUDGE)"

week: $(READY) ## play a knowledge manager's week against a running service under load, and print each step's effect
	@$(PY) -m tests.week

gate: $(READY) ## hold the demo corpus against evaluation/gates.toml
	@$(PY) -m evaluation run --corpus corpus/demo --out "$(OUT)/gate" --no-latency --no-abstention
	@$(PY) -m evaluation gate "$(OUT)/gate"

bench: OUT := out/bench
bench: $(READY) $(if $(findstring side-by-side,$(PARTS)),$(RIVALS)) ## measure speed against its goals, into OUT; PARTS=encoder,search,… SUSTAINED="RATE SECONDS"
	@$(PY) -m benchmarks --var "$(VAR)" --out "$(OUT)" $(if $(PARTS),--parts "$(PARTS)") $(if $(SUSTAINED),--sustained $(SUSTAINED)) \
		--sections "$(OPEN)/scale/win32_de_sections.jsonl.gz" --data "$(OPEN)/beir"

test: $(READY) ## run the tests
	$(PYTEST) $(PARALLEL)

test-all: $(READY) ## run the tests, the slow ones too
	$(PYTEST) $(PARALLEL) -m ""

test-browser: $(READY) ## run the tests of panel, desk and manager's page in Chromium (CHROMIUM=path)
	$(PY) -m pytest -m "" tests/browser

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

needs-import:
	@test -n "$(IMPORT)" || { echo 'IMPORT is not set. Usage: make undo IMPORT=number (make imports lists them)' >&2; exit 2; }

needs-text:
	@test -n "$$TEXT" || { echo 'TEXT is not set. Usage: make where TEXT="39,99"' >&2; exit 2; }

needs-item:
	@test -n "$(ITEM)" || { echo 'ITEM is not set. Usage: make affected ITEM=articles/kb-7 SINCE=2026-11-01' >&2; exit 2; }
needs-export:
	@test -n "$(FROM)" -a -n "$(KIND)" || { echo 'Usage: make import FROM=path KIND=kind CORPUS=folder' >&2; exit 2; }

needs-to:
	@test -n "$(TO)" || { echo 'TO is not set. Usage: make backup TO=folder' >&2; exit 2; }

needs-from:
	@test -n "$(FROM)" || { echo 'FROM is not set. Usage: make restore FROM=folder' >&2; exit 2; }

needs-set:
	@test -n "$(DATASET)$(CORPUS)" || { echo 'Usage: make evaluate DATASET=folder, or CORPUS=folder' >&2; exit 2; }

needs-whom:
	@test -n "$(CASE)$(CUSTOMER)$(AGENT)$(RECEIPT)" || { echo \
		'Usage: make erase CASE=id, CUSTOMER=id, AGENT=name or RECEIPT=id, and REBUILD=no to leave copies to the next build' >&2; exit 2; }

needs-case:
	@test -n "$(CASE)" || { echo 'CASE is not set. Usage: make explain CASE=file.json KIND=actions ITEM=id' >&2; exit 2; }

needs-cases:
	@test -n "$(CASES)" || { echo 'CASES is not set. Usage: make suggest CASES=file.jsonl' >&2; exit 2; }

$(PACKAGES): constraints.txt requirements-serve.txt requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		'$(PYTHON) is missing or older than Python 3.11. Usage: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.11' >&2; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check \
		-c constraints.txt -r requirements.txt -r requirements-dev.txt
	@touch $@

$(FITTING): $(PACKAGES) requirements-fit.txt
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-fit.txt
	@touch $@

# Beside our environment, so that it cannot disturb it. What does not install is told by the page, and stops nothing.
$(RIVALS): pyproject.toml constraints.txt $(PACKAGES)
	@$(PYTHON) -m venv .venv-bench
	@sed -n 's/^bench = \[\(.*\)\]$$/\1/p' pyproject.toml | tr -d '" ' | tr ',' '\n' > .venv-bench/requirements.txt
	@if .venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r .venv-bench/requirements.txt \
		torch sentence-transformers faiss-cpu; then touch $@; else echo 'not installed: the other systems; the page will say so' >&2; fi

# The program builds only what is missing, damaged or made by another recipe; touching tells make that it looked.
$(WEIGHTS): $(PACKAGES) index/weights.py index/adapted.py $(ADAPTER)
	@$(PY) -m index.weights
	@touch $@
