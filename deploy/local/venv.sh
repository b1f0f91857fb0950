# Sourced by deploy/local/run and tests/run. Makes `.venv` in the project root and keeps it at what the lock files say:
#
#   prepare_venv requirements.lock            what the project runs on
#   prepare_venv tests/requirements.lock      that, and what its checks need
#
# PYTHON names the interpreter to make it with; otherwise a fitting one is looked for.

fail() {
    echo "$0: $*" >&2
    exit 1
}

_fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1
}

_find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if _fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11, 3.12 or 3.13 is needed: install one, or name it with PYTHON=/path/to/python3."
}

_make_venv() {
    local python
    python=$(_find_python) || exit 1
    echo "Making .venv with $("$python" --version)" >&2
    "$python" -m venv --clear .venv >.cache/venv.log 2>&1 ||
        fail "$python cannot make a virtual environment (on Debian: apt install python3-venv): $(tail -n 3 .cache/venv.log)"
}

# Shows what pip is at: each package on the same line of a terminal, every twentieth elsewhere.
_pip_progress() {
    awk -v total="$1" -v terminal="$2" '
        /^Collecting / { done += 1; line = sprintf("  %d of about %d: %s", done, total, $2) }
        /^Installing collected/ { line = "  installing" }
        line && (terminal || done % 20 == 0) { printf terminal ? "\r\033[K%s" : "%s\n", line > "/dev/stderr"; fflush("/dev/stderr") }
        { line = "" }
        END { if (terminal) printf "\r\033[K" > "/dev/stderr" }'
}

_install() {
    local lock=$1 terminal=0 total
    [ -t 2 ] && terminal=1
    total=$(grep -c '^[a-zA-Z].*==' "$lock")
    echo "Installing what $lock lists" >&2
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes \
        -r "$lock" -r deploy/local/build.lock 2>&1 | tee .cache/pip.log | _pip_progress "$total" "$terminal" ||
        fail "pip could not install it: $(grep -i error .cache/pip.log | head -n 3) (all of it: .cache/pip.log)"
    .venv/bin/python -m pip install --disable-pip-version-check --no-index --no-deps --no-build-isolation \
        --editable . >.cache/pip.log 2>&1 ||
        fail "the project itself could not be installed: $(tail -n 3 .cache/pip.log)"
}

# Hashes of all that decides what is installed, so that nothing is done while they stay the same.
_wanted() {
    cat "$1" deploy/local/build.lock pyproject.toml | cksum
}

prepare_venv() {
    local lock=$1 stamp
    stamp=.venv/installed-$(echo "$lock" | tr / -)
    mkdir -p .cache
    _fits .venv/bin/python || _make_venv
    if [ "$(cat "$stamp" 2>/dev/null)" != "$(_wanted "$lock")" ]; then
        _install "$lock"
        _wanted "$lock" >"$stamp"
    fi
}
