# Two commands matter: `make book` and `make test`. The rest is for daily work.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: book serve lab test bench lint unit notebooks browser clean

book: $(VENV)/.installed
	$(BIN)/jupyter-book build -W --keep-going .
	@echo
	@echo "The book is at _build/html/index.html."
	@echo "'make serve' shows it at http://127.0.0.1:$(PORT)/ with its figures live."

serve: book
	@echo "Serving at http://127.0.0.1:$(PORT)/ until Ctrl-C."
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

lab: $(VENV)/.installed
	$(BIN)/labkit take --all
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/my-labs --LabApp.news_url= \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

test: lint unit notebooks book browser

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

unit: $(VENV)/.installed
	$(BIN)/pytest -p no:nbval -n 2 --ignore=tests/browser tests

notebooks: $(VENV)/.installed
	$(BIN)/pytest --nbval -n 2 --dist loadscope labs

browser: book
	$(BIN)/pytest -p no:nbval -n 2 tests/browser -rs

bench: book
	$(BIN)/python -m tests.bench

clean:
	rm -rf _build

# The virtual environment, made again whenever the lock or the package's metadata changes.
$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python has no venv module. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@
