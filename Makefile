# Every target works on a fresh machine with Python >= 3.11, git and make. README shows the same without make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench bench-smallest bench-guard bench-accept clean
.DELETE_ON_ERROR:

demo: .venv/.run-ready
	$(BIN)/matcher run scenarios/pilot --out out/pilot --force

test: .venv/.test-ready
	$(BIN)/ruff check matcher tests benchmarks
	$(BIN)/ruff format --check matcher tests benchmarks
	$(BIN)/mypy
	$(BIN)/pytest -rs -n 2 --dist loadfile

bench: .venv/.test-ready
	$(BIN)/python -m benchmarks

bench-smallest: .venv/.test-ready
	$(BIN)/python -m benchmarks --smallest

bench-guard: .venv/.test-ready
	$(BIN)/python -m benchmarks.guard

# make bench-accept REASON="why the limits move"
bench-accept: .venv/.test-ready
	$(BIN)/python -m benchmarks.guard --accept "$$REASON"

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run-ready: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	touch $@

.venv/.test-ready: pyproject.toml constraints.txt .venv/.run-ready
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf out .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
