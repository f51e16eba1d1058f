#!/usr/bin/env bash
# Does what Containerfile says, step by step, without a container engine: installs the lock by hash into a folder, copies
# what the file copies, starts it as the same user without any capability over a root file system mounted read-only, asks
# for its health, stops it by SIGTERM, and does the same with `chroma run`. Linux, as root; about 2 GB and 2 minutes.
#
#   PYTHON      the interpreter, of the lock's version and readable by everyone (python3.11 of the system)
#   PIP_PYTHON  one that has pip (the same)
#   TORCH_FROM  where pip finds torch's CPU build: --find-links DIR, or empty where pip is set up for it; PyTorch's index
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
PYTHON=${PYTHON:-/usr/bin/python3.11}
PIP_PYTHON=${PIP_PYTHON:-$PYTHON}
read -ra torch_from <<<"${TORCH_FROM---extra-index-url https://download.pytorch.org/whl/cpu}"
port=${PORT:-17860}
chroma_port=$((port + 1))
user=$(sed -n 's/^USER \([0-9]*\):.*/\1/p' Containerfile)
root=$(mktemp --directory --tmpdir=/var/tmp imr-steps.XXXXXX)
started=()
finish() {
  for pid in "${started[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
  rm -rf "$root"
}
trap finish EXIT
say() { printf '%4ds  %s\n' "$SECONDS" "$*"; }
fail() { say "FAILED: $*"; tail -n 20 "$root"/*.log >&2 2>/dev/null || true; exit 1; }

chmod 0755 "$root"
install --directory --mode=0755 "$root/opt" "$root/app"
install --directory --owner="$user" --group="$user" --mode=0700 "$root/data" "$root/tmp" "$root/vectors"

say "install the lock by hash"
"$PYTHON" -m venv --without-pip "$root/opt/venv"
"$PIP_PYTHON" -m pip --python "$root/opt/venv/bin/python" install --quiet --no-cache-dir --require-hashes \
  --only-binary :all: "${torch_from[@]}" --requirement requirements.lock 2>"$root/pip.log" || fail "the lock did not install"
say "$(find "$root/opt/venv/lib" -maxdepth 3 -name '*.dist-info' | wc -l) packages, $(du -sh "$root/opt" | cut -f1)"
if compgen -G "$root/opt/venv/bin/pip*" >/dev/null; then fail "an installer is left in the environment"; fi

say "copy what the last stage copies"
sed -n '/^FROM/h;/^COPY [^-]/p' Containerfile | sed 's/^COPY //' | grep -v '^requirements.lock' | while read -ra words; do
  unset 'words[-1]'
  cp --recursive "${words[@]}" "$root/app/"
done
chmod -R go-w "$root/app" "$root/opt"
chmod -R a+rX "$root/app" "$root/opt"

# What follows has a mount table of its own, in which only the data folder and /tmp can be written, by no capability.
closed() {
  local log=$1 folder=$2
  shift 2
  unshare --mount --propagation private bash -c '
    set -e
    root=$1 user=$2 folder=$3
    shift 3
    mount --bind "$root/$folder" "$root/$folder"
    mount --bind "$root/tmp" /tmp
    mount -o remount,bind,ro /
    cd "$root/app"
    exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
      env --ignore-environment "PATH=$root/opt/venv/bin:/usr/local/bin:/usr/bin:/bin" "PYTHONPATH=$root/app" \
      PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib \
      "IMR_DATA_DIR=$root/data" IMR_PORT='"$port"' "SECRETS=$root/secrets" "$@"
  ' closed "$root" "$user" "$folder" "$@" >"$root/$log.log" 2>&1 &
  pid=$!
  started+=("$pid")
}

answers() {  # URL: whether it answers 200 within three minutes
  for _ in $(seq 180); do
    kill -0 "$pid" 2>/dev/null || return 1
    curl --silent --fail --noproxy '*' --max-time 5 --output /dev/null "$1" && return 0
    sleep 1
  done
  return 1
}

stopped() {  # the process has 40 seconds, as in compose.yaml; 0 or 143 is a good end
  kill -TERM "$pid"
  for _ in $(seq 40); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 1
  done
  kill -0 "$pid" 2>/dev/null && fail "$1 did not end within 40 seconds of SIGTERM"
  wait "$pid" && code=0 || code=$?
  case $code in 0 | 143) say "$1 ended by SIGTERM with $code" ;; *) fail "$1 ended with $code" ;; esac
}

say "a write outside of /data and /tmp must fail"
closed write data sh -c 'touch "$PYTHONPATH/x" 2>/dev/null && exit 1; touch "$IMR_DATA_DIR/x" /tmp/x && rm "$IMR_DATA_DIR/x" /tmp/x'
wait "$pid" || fail "the file system is not as it should be"

say "start the program as $user"
closed app data python "$root/app/start.py" serve
if grep -q '"/healthz"' assistant/web/*.py; then
  answers "http://127.0.0.1:$port/healthz" || fail "the program does not become healthy"
  IMR_PORT=$port "$root/opt/venv/bin/python" "$root/app/healthy.py" /healthz || fail "healthy.py says no"
  say "/healthz answers"
else
  for _ in $(seq 180); do
    link=$(grep -o "http://127.0.0.1:$port/?token=[A-Za-z0-9_-]*" "$root/app.log" || true)
    [ -n "$link" ] && break
    sleep 1
  done
  jar=$root/cookies
  curl --silent --noproxy '*' --location --cookie-jar "$jar" --cookie "$jar" --retry 20 --retry-connrefused --fail \
    --output "$root/page.html" "$link" || fail "the page does not answer"
  say "the page answers ($(stat --format=%s "$root/page.html") bytes)"
fi
test "$(stat --format=%u "/proc/$pid")" = "$user" || fail "the program does not run as $user"
grep -q '^CapEff:[[:space:]]*0*$' "/proc/$pid/status" || fail "the program has capabilities"
stopped "the program"

say "start chroma run as $user"
closed chroma vectors chroma run --host 127.0.0.1 --port "$chroma_port" --path "$root/vectors"
answers "http://127.0.0.1:$chroma_port/api/v2/heartbeat" || fail "chroma run does not answer"
say "/api/v2/heartbeat answers"
stopped "chroma run"
cd "$repository"
say "all steps done"
