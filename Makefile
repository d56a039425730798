# 伴走 (Bansō). `make help` lists the commands; what they do is written in scripts/.
SHELL := bash
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset run test test-postgres lint bench messages lock system

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

demo: .venv/base ## the demonstration on http://127.0.0.1:8000 (PORT=… for another port); keeps what was entered
	@scripts/serve.sh demo

demo-reset: .venv/base ## the same, from the start
	@scripts/serve.sh demo reset

run: .venv/base ## an empty installation for this machine, without demo accounts
	@scripts/serve.sh run

test: .venv/dev ## the whole suite on SQLite, in a real browser too
	@scripts/test.sh

test-postgres: .venv/dev ## the suite on PostgreSQL: DATABASE_URL, or 127.0.0.1:5432, or a throw-away cluster
	@scripts/test_postgres.sh

lint: .venv/dev ## ruff, mypy, import-linter, djlint, migrations, system checks
	@scripts/lint.sh

bench: .venv/dev ## the benchmarks on PostgreSQL; prints ratios
	@scripts/with_postgres.sh scripts/bench.sh

messages: .venv/base ## collect the words of all pages into locale/ and compile them
	@scripts/messages.sh

lock: ## pin every requirement with its hashes (needs uv)
	@scripts/lock.sh

# Fonts, Pango and gettext: looked at every time, installed when missing.
system:
	@scripts/system.sh

# The environment is made once, and again when a requirement changes.
.venv/base: requirements/base.txt | system
	@scripts/venv.sh base

.venv/dev: requirements/dev.txt requirements/base.txt | system
	@scripts/venv.sh dev
