.RECIPEPREFIX = >
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-slow lint type format messages bench clean

demo: $(VENV)/installed
> $(BIN)/leachwatch demo

test: $(VENV)/installed-test lint type
> $(BIN)/python -m pytest -m "not slow" -n auto --maxprocesses 4 --dist loadfile

test-slow: $(VENV)/installed-test
> $(BIN)/python -m pytest -m slow

lint: $(VENV)/installed-test
> $(BIN)/ruff check src tests
> $(BIN)/ruff format --check src tests

type: $(VENV)/installed-test
> $(BIN)/mypy

format: $(VENV)/installed-test
> $(BIN)/ruff check --fix src tests
> $(BIN)/ruff format src tests

messages: $(VENV)/installed
> $(BIN)/pybabel -q extract -F babel.cfg -k say -k sentence -k many:1,2 --add-location=file --no-wrap --sort-by-file -o build/leachwatch.pot .
> $(BIN)/pybabel update -i build/leachwatch.pot -d src/leachwatch/publish/locale -D leachwatch --no-fuzzy-matching --ignore-obsolete --no-wrap

bench: $(VENV)/installed
> $(BIN)/leachwatch bench accuracy --seeds 5

clean:
> rm -rf $(VENV) demo dist build

$(VENV)/bin/python:
> @$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "leachwatch needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
> @$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing; mend it with: sudo apt-get install -y python3-venv" >&2; exit 1; }
> $(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
> $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
> @touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
> $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench,cluster,masks,s3,test,train]'
> @touch $@ $(VENV)/installed
