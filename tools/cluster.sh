#!/usr/bin/env bash
# Run a command beside a PostgreSQL cluster of its own: a new one, on a free loopback port, with
# fsync on as in production, and gone afterwards whatever happened.
#
#   tools/cluster.sh make test
#
# The command finds DATABASE_URL. As root the server runs as an unprivileged user, since PostgreSQL
# refuses root; when its programs are missing, root gets them through apt.
set -euo pipefail

[ $# -gt 0 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }

refuse() {
  printf 'No PostgreSQL cluster: %s\n' "$*" >&2
  exit 1
}

find_binaries() {
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -Vr); do
    [ -x "$folder/initdb" ] && { echo "$folder"; return; }
  done
  command -v initdb >/dev/null && dirname "$(command -v initdb)"
}

binaries=$(find_binaries) || true
if [ -z "$binaries" ]; then
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } ||
    refuse "please install it: sudo apt-get install postgresql"
  echo "· installing postgresql" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1 || true
  # Its scripts would start a cluster of the machine's own, which nobody here asked for.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] ||
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  printed=$(apt-get install -y --no-install-recommends postgresql 2>&1) || refuse "$printed"
  binaries=$(find_binaries) || refuse "installing postgresql brought no initdb"
fi

as_owner=()
if [ "$(id -u)" = 0 ]; then
  owner=nobody
  id postgres >/dev/null 2>&1 && owner=postgres
  as_owner=(runuser -u "$owner" --)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/heng-postgres.XXXXXX")
[ ${#as_owner[@]} = 0 ] || chown "$owner" "$folder"
data=$folder/data

stop() {
  (cd / && "${as_owner[@]}" "$binaries/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
here=$PWD
cd / # the server's user may not enter this folder
"${as_owner[@]}" "$binaries/initdb" -D "$data" -U heng --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
"${as_owner[@]}" "$binaries/pg_ctl" -D "$data" -w -l "$folder/log" \
  -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c fsync=on -c max_connections=300" start >/dev/null ||
  { cat "$folder/log" >&2; refuse "the server did not start"; }
"${as_owner[@]}" "$binaries/createdb" -h 127.0.0.1 -p "$port" -U heng heng
cd "$here"

echo "· PostgreSQL $("$binaries/postgres" --version | grep -oE '[0-9.]+' | head -1) on port $port" >&2
export DATABASE_URL="postgres://heng@127.0.0.1:$port/heng" HENG_CLUSTER="$data"
"$@"
