#!/usr/bin/env bash
# Make this checkout ready: system packages, a virtual environment from the lock, catalogues.
#
#   tools/setup.sh run     what `make run` needs
#   tools/setup.sh test    what the suite and `make check` need as well
#   tools/setup.sh faults  and the virus scanner that `make faults` asks
#
# Everything already there is left alone, so a second call takes a moment. What is missing comes
# through apt when this is root on Debian or Ubuntu; otherwise one sentence names it.
set -euo pipefail

cd "$(dirname "$0")/.."
purpose=${1:-run}
venv=.venv

say() { printf '· %s\n' "$*" >&2; }

refuse() {
  printf 'Heng cannot start yet: %s\n' "$*" >&2
  exit 1
}

# Show what a command printed only when it fails.
quietly() {
  local printed
  printed=$("$@" 2>&1) || { printf '%s\n' "$printed" >&2; return 1; }
}

# --- Python ------------------------------------------------------------------------------------
find_python() {
  local candidate
  for candidate in "${PYTHON:-python3.11}" python3.11 python3 python3.12 python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

python=$(find_python) ||
  refuse "it needs Python 3.11 or newer and found none; PYTHON=/path/to/python3.11 names one."

# --- Debian packages ---------------------------------------------------------------------------
can() { "$python" -c "$@" 2>/dev/null; }

loads() { can 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@"; }

# Print the packages that this purpose needs and this machine lacks.
lacking() {
  local each
  [ -x "$venv/bin/python" ] || can 'import ensurepip, venv' ||
    can 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
  loads libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0 libfontconfig.so.1 ||
    printf '%s\n' libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  [ "$purpose" = run ] && return 0
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
    echo chromium-headless-shell
  for each in pdfsig=poppler-utils qpdf=qpdf certutil=libnss3-tools \
    redis-server=redis-server xgettext=gettext git=git; do
    command -v "${each%%=*}" >/dev/null || echo "${each#*=}"
  done
  [ "$purpose" = test ] || command -v clamd >/dev/null || echo clamav-daemon
}

mapfile -t packages < <(lacking)
if [ ${#packages[@]} != 0 ]; then
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
    refuse "please install what it lacks: sudo apt-get install ${packages[*]}"
  say "installing ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get update || say "the package lists could not be renewed; trying with the old ones"
  # the same browser with windows, where its build without any is no package
  apt-cache show chromium-headless-shell >/dev/null 2>&1 ||
    packages=("${packages[@]/chromium-headless-shell/chromium}")
  quietly apt-get install -y --no-install-recommends "${packages[@]}"
fi

# --- the locked environment ---------------------------------------------------------------------
lock=requirements/base.txt
[ "$purpose" = run ] || lock=requirements/test.txt
digest() { sha256sum "$1" | cut -d' ' -f1; }
# The test lock contains the base lock, so its stamp answers for both.
installed() { grep -qsx -e "$(digest "$lock")" -e "$(digest requirements/test.txt)" "$venv/lock.sha256"; }

if [ ! -x "$venv/bin/python" ]; then
  say "creating the virtual environment in $venv"
  "$python" -m venv "$venv"
fi
if ! installed; then
  say "installing $(grep -c '==' "$lock") locked packages (about a minute)"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input --no-deps \
    --require-hashes --requirement "$lock" >&2
  digest "$lock" >"$venv/lock.sha256"
fi

"$venv/bin/python" tools/messages.py compile
