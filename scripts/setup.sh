#!/usr/bin/env bash
# The two parts of `make setup` that are more than one command.
#   setup.sh packages        system packages: installed by apt when root, else named in one line
#   setup.sh python PYTHON   .venv with exactly what requirements.lock says
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 # WeasyPrint: layout, and fast font subsetting
  fonts-hanazono fonts-babelstone-han                  # rare characters of names
  chromium postgresql                                  # the tests: a browser, the second database
  poppler-utils qpdf zbar-tools                        # the tests: independent readers of the sheet
)

# PYTHON may have come from elsewhere; only Debian's own lacks what makes an environment.
needs_venv_package() {
  [ ! -x .venv/bin/pip ] && ! "${PYTHON:-python3.11}" -c 'import ensurepip' 2>/dev/null
}

missing_packages() {
  local package state
  for package in "${packages[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || echo "$package"
  done
  if needs_venv_package; then echo python3.11-venv; fi
}

install_packages() {
  local missing
  command -v dpkg-query >/dev/null || { echo "setup: not a Debian system; needed: ${packages[*]}" >&2; return; }
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "setup: please install as root: apt-get install ${missing[*]}" >&2
    return
  fi
  echo "setup: installing ${missing[*]}"
  apt_quietly update || echo "setup: the package lists could not be refreshed; trying with the old ones" >&2
  apt_quietly install -y --no-install-recommends "${missing[@]}"
}

# apt says a great deal; only a failure is worth reading.
apt_quietly() {
  local log
  log=$(mktemp)
  if DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -n 20 "$log" >&2
    rm -f "$log"
    return 1
  fi
}

install_python() {
  [ -x .venv/bin/pip ] || "$1" -m venv .venv
  echo "setup: installing the packages of requirements.lock into .venv"
  .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
}

case "${1:-}" in
  packages) install_packages ;;
  python) install_python "${2:?which Python}" ;;
  *) sed -n '2,4p' "$0" >&2; exit 2 ;;
esac
