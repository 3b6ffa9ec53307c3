# shellcheck shell=bash
# The Go toolchain, the kernel's programs and the library's modules.

GO_LEAST=1.26
GO_FETCHED=1.26.8
GOIMPORTS=v0.41.0
GOPLS=v0.21.1
STATICCHECK=v0.8.2

# find_go puts a Go that is new enough first on PATH: the user's own, or one
# fetched into .lab/go.
find_go() {
  local go
  for go in "$(command -v go || true)" /usr/local/go/bin/go "$LAB/go/bin/go"; do
    if [[ -x $go ]] && go_new_enough "$go"; then
      use_go "$go"
      return
    fi
  done
  fetch_go
  use_go "$LAB/go/bin/go"
}

use_go() {
  GO=$1
  # No silent fetching of another toolchain: this one satisfies go.mod.
  export GOTOOLCHAIN=local
  # A go.work in a folder above belongs to other work.
  export GOWORK=off
  PATH=$LAB/bin:$(dirname -- "$GO"):$PATH
  GO_VERSION=$("$GO" env GOVERSION)
}

go_new_enough() {
  local version
  version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  version=${version#go}
  [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || return 1
  ((BASH_REMATCH[1] > ${GO_LEAST%.*} ||
    (BASH_REMATCH[1] == ${GO_LEAST%.*} && BASH_REMATCH[2] >= ${GO_LEAST#*.})))
}

# fetch_go takes the toolchain from the Go project's download site and compares
# it with the SHA-256 in that site's list of releases.
fetch_go() {
  local step="Go toolchain" site=${ATF_GO_URL:-https://go.dev/dl}
  local arch file want got
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) arch=linux-amd64 ;;
    Linux-aarch64) arch=linux-arm64 ;;
    *) die "$step" "lab fetches Go for Linux on amd64 and arm64 only" \
      "install Go $GO_LEAST or newer yourself (https://go.dev/doc/install) so that \`go\` is on PATH" ;;
  esac
  file=go$GO_FETCHED.$arch.tar.gz
  say "fetching Go $GO_FETCHED (there is no Go $GO_LEAST or newer on PATH)"
  need_fetcher "$step"
  local advice="check the network, or install Go $GO_LEAST or newer yourself so that \`go\` is on PATH"
  fetch "$site/?mode=json&include=all" "$LAB/tmp/go-releases.json" ||
    die "$step" "cannot read the list of releases at $site" "$advice"
  want=$(tr ',{}' '\n' <"$LAB/tmp/go-releases.json" | awk -v file="$file" '
    /"filename"/ { hit = index($0, "\"" file "\"") > 0 }
    hit && /"sha256"/ { gsub(/.*: *"|"[^"]*$/, ""); print; exit }')
  [[ $want =~ ^[0-9a-f]{64}$ ]] ||
    die "$step" "the list of releases at $site has no checksum for $file" "$advice"
  fetch "$site/$file" "$LAB/tmp/$file" ||
    die "$step" "cannot download $site/$file" "$advice"
  got=$(sha256 "$LAB/tmp/$file")
  if [[ $got != "$want" ]]; then
    rm -f -- "$LAB/tmp/$file"
    die "$step" "$file has SHA-256 $got, the release list says $want" \
      "call lab again; when it fails again, do not trust this network"
  fi
  rm -rf -- "$LAB/go" "$LAB/tmp/unpack"
  mkdir -p "$LAB/tmp/unpack"
  tar -C "$LAB/tmp/unpack" -xzf "$LAB/tmp/$file" ||
    die "$step" "cannot unpack $file" "check the free space in $LAB"
  mv -- "$LAB/tmp/unpack/go" "$LAB/go"
  rm -rf -- "$LAB/tmp/$file" "$LAB/tmp/unpack" "$LAB/tmp/go-releases.json"
}

# install_tools builds the kernel and the programs it calls. gonb is a `tool` of
# docker/tools/go.mod, so its dependencies stay out of the library's go.mod.
install_tools() {
  local key
  key="$(sha256 "$HERE/tools/go.mod") $(sha256 "$HERE/tools/gonb.patch")"
  if ! [[ -x $LAB/bin/gonb ]] || ! done_before gonb "$key $GO_VERSION"; then patch_gonb; fi
  tool gonb "$key" -C "$HERE/tools" install -modfile="$LAB/tmp/gonb/go.mod" github.com/janpfeifer/gonb
  tool goimports "$GOIMPORTS" install "golang.org/x/tools/cmd/goimports@$GOIMPORTS"
  tool gopls "$GOPLS" install "golang.org/x/tools/gopls@$GOPLS"
}

# patch_gonb makes a copy of GoNB with what docker/tools/gonb.patch changes, and
# why, and a module file that takes this copy in place of the module.
patch_gonb() {
  local step=gonb work=$LAB/tmp/gonb module
  need_fetcher "$step"
  module=$(cd "$HERE/tools" && "$GO" mod download -json github.com/janpfeifer/gonb 2>"$LAB/log/gonb.log" |
    sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p') || module=
  [[ -d $module ]] ||
    die "$step" "the go command cannot get it ($LAB/log/gonb.log)" \
      "check the network (Go modules come through GOPROXY, here $("$GO" env GOPROXY)) and call lab again"
  rm -rf -- "$work"
  mkdir -p "$work"
  cp -R -- "$module" "$work/source"
  chmod -R u+w "$work/source"
  # The checkout around is another repository, whose paths these are not.
  (cd "$work/source" && GIT_CEILING_DIRECTORIES=$work git apply "$HERE/tools/gonb.patch") >>"$LAB/log/gonb.log" 2>&1 ||
    die "$step" "docker/tools/gonb.patch does not fit the version in docker/tools/go.mod ($LAB/log/gonb.log)" \
      "make it anew for that version"
  cp -- "$HERE/tools/go.mod" "$HERE/tools/go.sum" "$work/"
  "$GO" mod edit -replace="github.com/janpfeifer/gonb=$work/source" "$work/go.mod"
}

install_staticcheck() {
  tool staticcheck "$STATICCHECK" install "honnef.co/go/tools/cmd/staticcheck@$STATICCHECK"
}

# tool NAME KEY GO-ARGUMENTS… builds .lab/bin/NAME unless it is there.
tool() {
  local name=$1 key="$2 $GO_VERSION"
  shift 2
  if [[ -x $LAB/bin/$name ]] && done_before "$name" "$key"; then return; fi
  need_fetcher "$name"
  say "building $name"
  if ! (cd / && env -u GOFLAGS GOBIN="$LAB/bin" CGO_ENABLED=0 "$GO" "$@") >"$LAB/log/$name.log" 2>&1; then
    tail -n 5 "$LAB/log/$name.log" >&2
    die "$name" "\`go $*\` failed; the whole of what it printed is in $LAB/log/$name.log" \
      "check the network (Go modules come through GOPROXY, here $("$GO" env GOPROXY)) and call lab again"
  fi
  record "$name" "$key"
}

# fetch_modules downloads the library's dependencies and compiles them once, so
# that cells need no network and the first one does not wait for the compiler.
fetch_modules() {
  local key
  key="$(sha256 "$REPO/go.sum") $GO_VERSION $BLAS $("$GO" env GOMODCACHE GOCACHE | tr '\n' ' ')"
  if done_before modules "$key"; then return; fi
  say "downloading Go modules"
  # The kernel's display package is what notebooks may import besides ours.
  local kernel=(github.com/janpfeifer/gonb/gonbui)
  if ! list_imports -test ./... >"$LAB/log/modules.log" 2>&1 ||
    ! list_imports "${kernel[@]}" >"$LAB/log/modules.log" 2>&1; then
    tail -n 5 "$LAB/log/modules.log" >&2
    die "Go modules" "the go command cannot get all packages the library imports ($LAB/log/modules.log)" \
      "check the network (GOPROXY is $("$GO" env GOPROXY)) and call lab again"
  fi
  say "compiling them (some minutes the first time)"
  (cd "$REPO" && "$GO" build ./... "${kernel[@]}") >"$LAB/log/build.log" 2>&1 ||
    note "the library does not compile; cells that import it will say why ($LAB/log/build.log)"
  record modules "$key"
}

# list_imports downloads what the packages are made from: the go command cannot
# list them otherwise.
list_imports() { (cd "$REPO" && "$GO" list -deps "$@"); }
