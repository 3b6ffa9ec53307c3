# shellcheck shell=bash
# Messages, downloads, system packages and the record of finished steps.

say() { printf 'lab: %s\n' "$*"; }

# note tells of something optional that is missing: the work goes on.
note() { printf 'lab: NOTE: %s\n' "$*" >&2; }

# die STEP WHAT ADVICE ends the command, naming the step and what to do.
die() {
  {
    printf '\nlab: step "%s" failed: %s\n' "$1" "$2"
    printf 'lab: what to do: %s\n' "$3"
  } >&2
  exit 1
}

# done_before NAME KEY is true when step NAME was recorded with this key, which
# holds the versions the step depends on.
done_before() { [[ -f $LAB/stamps/$1 && $(<"$LAB/stamps/$1") == "$2" ]]; }

record() {
  mkdir -p "$LAB/stamps"
  printf '%s\n' "$2" >"$LAB/stamps/$1"
}

# lock keeps two calls from installing at the same time.
lock() {
  command -v flock >/dev/null || return 0
  exec 9>"$LAB/lock"
  if ! flock -n 9; then
    say "another call is setting up; waiting for it"
    flock 9
  fi
}

unlock() {
  command -v flock >/dev/null || return 0
  flock -u 9
  exec 9>&-
}

# fetch URL FILE downloads to FILE, which exists only when it is complete.
fetch() {
  local url=$1 file=$2 part=$2.part.$$ status=0
  mkdir -p -- "$(dirname -- "$file")"
  if command -v curl >/dev/null; then
    curl -fsSL --retry 2 --connect-timeout 15 -o "$part" -- "$url" || status=$?
  elif command -v wget >/dev/null; then
    wget -q --tries=2 --connect-timeout=15 -O "$part" -- "$url" || status=$?
  else
    status=127
  fi
  if ((status == 0)); then
    mv -f -- "$part" "$file"
  else
    rm -f -- "$part"
  fi
  return "$status"
}

# need_fetcher makes sure there is a program to download with, and certificates
# to know the other side by, which the go command needs too.
need_fetcher() {
  if command -v apt-get >/dev/null && [[ ! -s /etc/ssl/certs/ca-certificates.crt ]]; then
    apt_install ca-certificates || true
  fi
  command -v curl >/dev/null && return
  command -v wget >/dev/null && return
  apt_install curl ||
    die "$1" "there is neither curl nor wget" "install one of them and call lab again"
}

sha256() { sha256sum -- "$1" | cut -d' ' -f1; }

# as_root runs a command as root, asking for a password only at a terminal.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif ! command -v sudo >/dev/null; then
    echo "not root, and there is no sudo: $*" >&2
    return 1
  elif sudo -n true 2>/dev/null; then
    sudo -n "$@"
  elif [[ -t 0 && -t 2 && -z ${CI:-} ]]; then
    sudo -p "lab: password of %u, to install system packages: " "$@"
  else
    echo "sudo wants a password and there is no terminal to ask at: $*" >&2
    return 1
  fi
}

# apt_install PACKAGE… installs Debian or Ubuntu packages; it fails quietly
# where that cannot be done, and its caller says what that means.
apt_install() {
  [[ ${ATF_NO_APT:-} != 1 ]] || return 1
  command -v apt-get >/dev/null || return 1
  mkdir -p "$LAB/log"
  say "installing system packages: $*"
  if apt_get "$@"; then return 0; fi
  # The package lists may be old, or missing as in a container.
  as_root apt-get -qq update >>"$LAB/log/apt.log" 2>&1 || true
  apt_get "$@"
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 install "$@" \
    >>"$LAB/log/apt.log" 2>&1
}

# install_extra NAME MEANING PACKAGE… tries once to install something optional;
# `lab setup` and `lab test` try again.
install_extra() {
  local name=$1 meaning=$2
  shift 2
  if ! done_before "without-$name" "$*"; then
    apt_install "$@" && return 0
    record "without-$name" "$*"
    note "cannot install $* ($LAB/log/apt.log says why)"
  fi
  note "$meaning (\`./docker/lab setup\` tries to install it again)"
  return 1
}

retry_extras() { rm -f -- "$LAB"/stamps/without-*; }
