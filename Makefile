# The one command surface. `make up` on a machine with Python 3.11 and Go (or Pulumi) is all that is needed.
PYTHON ?= python3
BIN := .venv/bin
STACK := local
PREDICT := eval "$$($(BIN)/pulumilocal env)" && $(BIN)/pulumilocal stack output --json --stack $(STACK) | $(BIN)/python stacks/predict.py
ENVIRONMENTS := $(patsubst stacks/Pulumi.%.yaml,%,$(wildcard stacks/Pulumi.*.yaml))
UV := VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet

.PHONY: help setup up predict preview preview-all approve down test test-slow-polls lint workflows bench profile chaos docs

help: ## What there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/.installed: requirements-uv.txt requirements.txt pyproject.toml localaws/pyproject.toml
	@echo "Installing the pinned dependencies into .venv (less than a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-uv.txt
	@$(UV) --compile-bytecode --require-hashes --requirement requirements.txt
	@$(UV) --no-build-isolation --no-deps --editable . --editable localaws
	@touch $@

setup: .venv/.installed ## Install the dependencies and get the engine ready
	@$(BIN)/pulumilocal setup

up: setup ## Deploy the sample stack to the embedded AWS, and score its model
	@$(BIN)/pulumilocal up --stack $(STACK) --yes
	@$(PREDICT)

predict: setup ## Load the model from the embedded AWS; ROWS="39.1,18.7,181,3750" are scored, or the validation rows
	@$(PREDICT) $(ROWS)

preview: setup ## Show what `make up` would do
	@$(BIN)/pulumilocal preview --stack $(STACK) --diff

preview-all: setup ## Preview every environment on the embedded AWS, and write the review of all to .review/comment.md
	@$(BIN)/sagemaker-review preview --plan --pulumi $(BIN)/pulumilocal $(ENVIRONMENTS)
	@$(BIN)/sagemaker-review comment --output .review/comment.md $(ENVIRONMENTS) || { code=$$?; test $$code -eq 2 || exit $$code; }

approve: .venv/.installed ## Approve what `make preview-all` has shown; see docs/review.md
	@$(BIN)/sagemaker-review approve $(ENVIRONMENTS)

down: setup ## Destroy the sample stack and stop the embedded AWS
	@$(BIN)/pulumilocal destroy --stack $(STACK) --yes
	@$(BIN)/pulumilocal stop

# Four processes for two cores: tests with the engine wait for a third of their time.
test: setup ## All four layers of tests, the real engine among them
	@$(BIN)/pytest --numprocesses 4 --dist worksteal

test-slow-polls: setup ## All tests with polling ten times slower
	@SLOW_POLLS=10 $(BIN)/pytest --numprocesses 4 --dist worksteal

lint: .venv/.installed ## Style, types, and the floors of the house
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/basedpyright
	@$(BIN)/lint-imports

workflows: ## The workflows of GitHub, by actionlint; needs Go
	@go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

bench: setup ## Measurements beside a baseline in the same run
	@$(BIN)/python -m bench

profile: setup ## Where the time of a preview goes: program, provider and engine
	@$(BIN)/python -m bench.profile

chaos: setup ## Kill commands and answer wrongly in hundreds of trials, beside a stack of the same names; count the jobs
	@$(BIN)/python -m bench.chaos

docs: setup ## Write the generated parts of the documentation, the recording of a run among them
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m bench.recording
	@$(BIN)/python -m bench.review_pictures
