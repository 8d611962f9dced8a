# make run · make test · make bench · make bench-gpu · make attacks · make lint · make vendor · make clean
#
# Needs: python3 (3.11 or newer), make. What else is missing is installed when apt and root (or sudo) allow it without a
# question that nobody can answer; otherwise the site goes on and says what is missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:
.PHONY: run test lint bench bench-gpu attacks vendor clean help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
export HOST PORT

# The same few shell functions for every recipe.
define FUNCTIONS
say() { printf '\n== %s\n' "$$*"; }

apt_install() {
  local sudo=""
  command -v apt-get >/dev/null || return 1
  if [ "$$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || return 1
    if sudo -n true 2>/dev/null; then sudo="sudo -n"
    elif [ -t 0 ] && [ -z "$${CI:-}" ]; then sudo="sudo"
    else return 1; fi
  fi
  local install="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -q $$*"
  say "installing: $$*"
  $$install </dev/null || { apt_update "$$sudo" && $$install </dev/null; }
}

apt_update() {
  local try
  for try in 1 2 3; do
    $$1 apt-get -q update </dev/null && return 0
    sleep $$((try * 3))
  done
  return 1
}

ensure_venv() {
  if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"
    exit 1
  fi
  if .venv/bin/python -m pip --version >/dev/null 2>&1; then return; fi
  rm -rf .venv
  if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install python3-venv "python$$("$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" \
      || apt_install python3-venv || true
  fi
  say "making .venv"
  # The jail of a site that runs as root drops to a user who must be able to read .venv, whatever this shell's umask.
  (umask 022 && "$(PYTHON)" -m venv .venv) || {
    rm -rf .venv
    say "python3-venv is missing and could not be installed. As root: apt-get install python3-venv"
    exit 1
  }
}

# ensure_requirements FILE: installs when FILE, requirements.txt or the interpreter changed since the last time.
ensure_requirements() {
  local stamp=".venv/installed-$$(printf '%s' "$$1" | tr '/' '-')" now
  now="$$( { .venv/bin/python --version; cat requirements.txt "$$1"; } | sha256sum)"
  if [ -f "$$stamp" ] && [ "$$(cat "$$stamp")" = "$$now" ]; then return; fi
  say "installing the packages of $$1 (the first time this takes minutes)"
  (umask 022 && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r "$$1")
  # What is only called over HTTP in a test comes without the heavy packages it would bring.
  if [ -f "$${1%.txt}-alone.txt" ]; then
    (umask 022 && .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps -r "$${1%.txt}-alone.txt")
  fi
  printf '%s\n' "$$now" >"$$stamp"
}

ensure_jail() {
  command -v bwrap >/dev/null && /sbin/ldconfig -p 2>/dev/null | grep -q 'libseccomp\.so\.2' && return
  apt_install bubblewrap libseccomp2 && return
  say "bubblewrap is missing and could not be installed: submissions will wait. As root: apt-get install bubblewrap libseccomp2"
}

ensure_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && return
  apt_install chromium fonts-nanum && return
  say "chromium is missing and could not be installed: the browser tests are skipped."
}

ensure_port() {
  "$(PYTHON)" - "$$HOST" "$$PORT" <<'PORT_CHECK'
import socket, sys
host, port = sys.argv[1:]
if not port.isdigit() or not 0 < int(port) < 65536:
    sys.exit(f"PORT={port} is not a port number.")
with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, int(port)))
    except OSError as error:
        sys.exit(f"Port {port} on {host} cannot be used: {error.strerror}. Is the site running already? "
                 f"Otherwise choose another: PORT={int(port) + 1} make run")
PORT_CHECK
}
endef
export FUNCTIONS

help:
	printf '%s\n' \
	  'make run     the site on http://$(HOST):$(PORT) (PORT= and HOST= change it)' \
	  'make test    the tests (ARGS="-k quiz" passes options to pytest)' \
	  'make lint    ruff, templates, types, import directions, catalogues, migrations' \
	  'make bench   the benchmark (make bench-gpu: that of a GPU)' \
	  'make attacks every attack on the judge in every kind of exercise (minutes)' \
	  'make vendor  rebuild the vendored front end (needs npm)' \
	  'make clean   remove what can be made again; the data in var/ stays'

run:
	eval "$$FUNCTIONS"
	ensure_port
	ensure_venv
	ensure_requirements requirements.txt
	ensure_jail
	.venv/bin/python manage.py prepare
	exec .venv/bin/python manage.py serve

test:
	eval "$$FUNCTIONS"
	ensure_venv
	ensure_requirements tests/requirements.txt
	ensure_jail
	ensure_browser
	exec .venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS) </dev/null

lint:
	eval "$$FUNCTIONS"
	ensure_venv
	ensure_requirements tests/requirements.txt
	say "ruff"
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check manage.py platform tests/platform tests/conftest.py tests/test_imports.py
	say "templates"
	.venv/bin/djlint --lint --quiet platform quizzes competitions
	say "types"
	MYPYPATH=platform .venv/bin/python -m mypy \
	  -p sandbox -p accounts -p config -p courses -p web -p quizzes -p competitions
	say "import directions"
	.venv/bin/python -m pytest -q -p no:cacheprovider tests/test_imports.py
	say "catalogues and migrations"
	export VAR_DIR="$$(mktemp -d)"
	trap 'rm -rf "$$VAR_DIR"' EXIT
	.venv/bin/python manage.py compile_catalogues --check
	.venv/bin/python manage.py makemigrations --check --dry-run

bench:
	eval "$$FUNCTIONS"
	ensure_venv
	ensure_requirements tests/requirements.txt
	ensure_jail
	exec .venv/bin/python -m tests.bench $(ARGS)

bench-gpu:
	eval "$$FUNCTIONS"
	ensure_venv
	ensure_requirements tests/requirements.txt
	ensure_jail
	exec .venv/bin/python -m tests.bench gpu

attacks:
	eval "$$FUNCTIONS"
	ensure_venv
	ensure_requirements tests/requirements.txt
	ensure_jail
	exec .venv/bin/python -m tests.sandbox.attacks $(ARGS)

vendor:
	command -v npm >/dev/null || { echo "npm is needed: apt-get install npm"; exit 1; }
	cd platform/web/frontend
	npm ci
	npm run build

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis platform/web/frontend/node_modules
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	echo "The data in var/ stays; remove it yourself to begin anew."
