# `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test check tests format packs bench bench-fetch bench-hostile bench-text quality train train-lines train-check bench-html lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src/scrub
	@touch $(READY)

demo: $(READY) ## clean the samples and show each removal with its reason
	@for sample in samples/*.txt samples/*.html; do \
		printf '\n=== %s ===\n\n' "$$sample"; $(BIN)/scrub clean --explain "$$sample" || exit 1; done

test: check tests ## lint, types, layers, packs, tests with coverage

check: $(READY) ## lint, types, layers, and whether the generated rules are fresh
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m scrub.rules.shipped --check

tests: $(READY) ## the tests alone, with coverage
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal --cov --cov-report=term

format: $(READY) ## put the code into its form
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

packs: $(READY) ## write the generated rules anew from the packs
	$(BIN)/python -m scrub.rules.shipped

bench: $(READY) ## start-up time beside typer's, speed of cleaning
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/speed.py

bench-hostile: $(READY) ## what pages cost that are made to stop whoever reads them
	$(BIN)/python bench/hostile.py

bench-fetch: $(READY) ## speed and memory of downloading beside httpx and trafilatura, on loopback alone
	$(BIN)/python bench/fetching.py

quality: $(READY) ## quality on marked-up pages beside trafilatura (needs ../shared)
	$(BIN)/python ../shared/evaluate/evaluate.py html
	$(BIN)/python ../shared/evaluate/evaluate.py text

bench-text: $(READY) ## quality on texts that others scraped, beside nothing done (needs ../shared)
	$(BIN)/python ../shared/evaluate/evaluate.py text

train-lines: $(READY) ## train the line model anew (needs ../shared; without a network while pages are extracted)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	unshare -rn $(BIN)/python bench/extract_texts.py $(VENV)/texts.jsonl.gz
	$(BIN)/python bench/train_lines.py --texts $(VENV)/texts.jsonl.gz $(TRAIN_OPTIONS)

train-check: ## train both models again and see that the figures are those of the model cards
	$(MAKE) train TRAIN_OPTIONS=--check
	$(MAKE) train-lines TRAIN_OPTIONS=--check

train: $(READY) ## train the block model anew (needs ../shared)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	$(BIN)/python bench/train_blocks.py $(TRAIN_OPTIONS)

bench-html: $(READY) ## quality on marked pages by folds over publishers, part by part, beside trafilatura (needs ../shared)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.lock
	$(BIN)/python bench/html_quality.py

lock: ## pin the dependencies anew
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --group dev --group train --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--output-file requirements-train.lock

clean: ## remove what make has made
	rm -rf $(VENV) .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
