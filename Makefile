# Thin names for dev.py, which works without make: python3 dev.py help
PYTHON ?= python3
ARGS ?=

.PHONY: run setup reset test lint bench lock help
.DEFAULT_GOAL := help

run setup reset test lint bench lock help:
	@$(PYTHON) dev.py $@ $(ARGS)
