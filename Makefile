# Everything the project is asked to do, by name. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench up
PYTHON := .venv/bin/python

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

demo: ## open the demo shop (PORT=8000, DATA_DIR=.data)
	@.ci/bootstrap.sh shop
	@exec $(PYTHON) manage.py demo

test: ## style, types, contracts, templates, migrations and all tests
	@.ci/bootstrap.sh tools
	@exec .ci/checks.sh all

lint: ## the same without the tests
	@.ci/bootstrap.sh tools
	@exec .ci/checks.sh lint

bench: ## measure the shop on this machine (FULL=1: all sizes)
	@.ci/bootstrap.sh tools
	@exec $(PYTHON) bench/run.py $(if $(FULL),--full)

up: ## the shop in containers (settings in .env)
	@docker compose version >/dev/null 2>&1 && exec docker compose up --build || exec docker-compose up --build
