#!/bin/sh
# Makes a Python environment with the pinned packages (kept under .cache/interop-venv) and lets the Python client verify
# one person at a gateway that runs on DATA_DIR (`lienthong dev up --data DATA_DIR`). Any failure ends it with another code than 0.
#   test/interop/run.sh DATA_DIR [ID_NUMBER FULL_NAME DATE_OF_BIRTH]
#   test/interop/run.sh --prepare        makes the environment only; interop.test.ts uses it from then on
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:?"say the data folder of a running development deployment"}
venv=${INTEROP_VENV:-$here/../../.cache/interop-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
# Asks nobody where the pinned versions are there already.
"$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: -r "$here/requirements.txt"
[ "$data" = --prepare ] && exit 0
exec "$venv/bin/python" "$here/verify_person.py" "$data/agencies/${INTEROP_AGENCY:-viettel}" \
  "${2:-901085000017}" "${3:-NGUYỄN VĂN AN}" "${4:-1985-03-27}"
