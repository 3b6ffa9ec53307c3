# shellcheck shell=bash
# What makes the library faster or its figures better, and what it runs without.
# shellcheck disable=SC2034 # BLAS is read by go.sh, jupyter.sh and check.sh.

ECHARTS=5.6.0
ECHARTS_SHA256=bf4a223524e40b77c304bec67e1222cf551f14880cf42c69dc046558e11c07b1

# choose_blas sets BLAS to "openblas" or "go" and, for OpenBLAS, the build tag
# and the libraries to link with, here and (install_kernel) in the kernel.
choose_blas() {
  decide_blas
  record blas "$BLAS"
}

decide_blas() {
  local wanted=${ATF_BLAS:-auto}
  BLAS=go
  case $wanted in
    go) say "linear algebra: pure Go (ATF_BLAS=go)"; return ;;
    auto | openblas) ;;
    *) die "OpenBLAS" "ATF_BLAS is \"$wanted\"" "set it to auto, go or openblas" ;;
  esac
  if openblas_links || { install_extra openblas \
    "without OpenBLAS the library computes in pure Go: the same results, several times slower" \
    gcc libc6-dev libopenblas-dev liblapacke-dev && openblas_links; }; then
    BLAS=openblas
    use_openblas
    say "linear algebra: OpenBLAS (build tag openblas)"
  elif [[ $wanted == openblas ]]; then
    die "OpenBLAS" "a program that uses it cannot be linked" \
      "install gcc, libopenblas-dev and liblapacke-dev, or unset ATF_BLAS for pure Go"
  else
    say "linear algebra: pure Go (no OpenBLAS)"
  fi
}

# Called by a lab that another one started, it finds its work done.
use_openblas() {
  [[ ${GOFLAGS:-} != *-tags=openblas* ]] || return 0
  export CGO_ENABLED=1
  export CGO_LDFLAGS="${CGO_LDFLAGS:+$CGO_LDFLAGS }-lopenblas -llapacke"
  export GOFLAGS="${GOFLAGS:+$GOFLAGS }-tags=openblas"
}

# openblas_links compiles and links a call into each of the two libraries.
openblas_links() {
  local cc
  cc=$("$GO" env CC)
  command -v "${cc%% *}" >/dev/null || return 1
  printf '%s\n' '#include <cblas.h>' '#include <lapacke.h>' \
    'int main(void) { double x[1] = {1}; LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 85, 1, x, 1);' \
    'return (int)cblas_ddot(1, x, 1, x, 1) - 1; }' |
    $cc -x c - -o "$LAB/tmp/openblas-test" -lopenblas -llapacke 2>/dev/null
}

# install_rsvg gets the converter that gives every figure a still picture for
# places where no script runs.
install_rsvg() {
  command -v rsvg-convert >/dev/null ||
    install_extra rsvg "without rsvg-convert figures carry an SVG but no PNG" librsvg2-bin || true
}

# install_chromium gets the browser in which tests look at the figures. Ubuntu
# has it only as a snap, which does not start everywhere: there it is the user's.
install_chromium() {
  local name meaning="without Chromium the tests that look at figures in a browser are skipped"
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && return
  done
  if grep -qs '^ID=debian' /etc/os-release; then
    install_extra chromium "$meaning" chromium || true
  else
    note "$meaning: install it yourself so that \`chromium\` is on PATH"
  fi
}

# fetch_echarts gets the drawing library and puts it where notebooks find it
# without a network: beside Jupyter's own files, and beside exported HTML.
fetch_echarts() {
  local cache=${XDG_CACHE_HOME:-$HOME/.cache}/gonb-atf/echarts/$ECHARTS/echarts.min.js
  local file=${ATF_ECHARTS:-$cache} folder
  if [[ -n ${ATF_ECHARTS:-} && ! -f $file ]]; then
    die "ECharts" "ATF_ECHARTS names $file, which is no file" "correct it, or unset it to have ECharts fetched"
  fi
  if [[ ! -f $file ]] && ! download_echarts "$cache"; then
    record without-echarts "$ECHARTS"
    return
  fi
  for folder in "$LAB/jupyter/nbextensions" "$LAB/jupyter/static"; do
    place "$file" "$folder/gonb-atf/echarts-$ECHARTS.min.js"
  done
  place "$file" "$OUT/echarts-$ECHARTS.min.js"
}

place() {
  cmp -s -- "$1" "$2" && return
  mkdir -p -- "$(dirname -- "$2")"
  cp -- "$1" "$2"
}

download_echarts() {
  local target=$1 raw=$LAB/tmp/echarts.min.js
  local meaning="ECharts $ECHARTS could not be had: figures have no still picture, and show only in a browser that reaches a network"
  if done_before without-echarts "$ECHARTS"; then
    note "$meaning (\`./docker/lab setup\` tries again)"
    return 1
  fi
  say "fetching ECharts $ECHARTS"
  need_fetcher "ECharts"
  if ! fetch "${ATF_ECHARTS_URL:-https://cdn.jsdelivr.net/npm/echarts@$ECHARTS/dist/echarts.min.js}" "$raw" 2>/dev/null &&
    ! echarts_by_npm "$raw"; then
    note "$meaning"
    return 1
  fi
  if [[ $(sha256 "$raw") != "$ECHARTS_SHA256" ]]; then
    note "the fetched ECharts $ECHARTS has SHA-256 $(sha256 "$raw") instead of $ECHARTS_SHA256 and was thrown away"
    rm -f -- "$raw"
    note "$meaning"
    return 1
  fi
  mkdir -p -- "$(dirname -- "$target")"
  mv -f -- "$raw" "$target"
}

echarts_by_npm() {
  command -v npm >/dev/null || return 1
  (cd "$LAB/tmp" && npm pack --silent "echarts@$ECHARTS" &&
    tar -xzOf "echarts-$ECHARTS.tgz" package/dist/echarts.min.js >"$1") >/dev/null 2>&1
  local status=$?
  rm -f -- "$LAB/tmp/echarts-$ECHARTS.tgz"
  return "$status"
}

# install_system installs every system package at once, for an image that has
# no root user later.
install_system() {
  mkdir -p "$LAB"
  apt_install ca-certificates curl git gcc libc6-dev libopenblas-dev liblapacke-dev \
    librsvg2-bin jupyter-notebook jupyter-nbconvert ||
    die "system packages" "apt-get could not install them ($LAB/log/apt.log)" \
      "check the network, and call this as root"
}
