# shellcheck shell=bash
# The whole check of the checkout, and the report on what lab works with.

# check_all runs every part, also after one has failed, and ends with a summary.
check_all() {
  local failed=() skipped=()
  install_staticcheck
  : >"$LAB/log/counts"
  cd "$REPO" || exit
  part "gofmt" check_gofmt
  part "go vet" both_builds "$GO" vet ./...
  part "staticcheck" both_builds "$LAB/bin/staticcheck" ./...
  part "go test, pure Go" without_openblas go_test ./...
  if [[ $BLAS == openblas ]]; then
    # Figures and lab do the same with either; the mathematics is below atf.
    part "go test, OpenBLAS" go_test ./atf/...
  else
    skipped+=("go test, OpenBLAS (no OpenBLAS here)")
  fi
  part "notebooks in the kernel, quick settings" kernel_test
  printf '\nall tests together\n'
  awk '{ p += $1; f += $2; s += $3 } END { print p " passed, " f " failed, " s " skipped" }' "$LAB/log/counts"
  ((${#skipped[@]} == 0)) || printf 'SKIPPED: %s\n' "${skipped[@]}"
  if ((${#failed[@]} > 0)); then
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
  fi
  say "everything passed"
}

part() {
  local name=$1 started=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf '== %s: passed (%d s)\n' "$name" $((SECONDS - started))
  else
    printf '== %s: FAILED (%d s)\n' "$name" $((SECONDS - started))
    failed+=("$name")
  fi
}

check_gofmt() {
  local files
  files=$(git -C "$REPO" ls-files -z --cached --others --exclude-standard '*.go' |
    xargs -0 -r "$(dirname -- "$GO")/gofmt" -l 2>&1) || true
  [[ -z $files ]] || { printf 'not formatted:\n%s\n' "$files"; return 1; }
}

# both_builds runs a command as things are and, with OpenBLAS, in pure Go too.
both_builds() {
  "$@" || return 1
  [[ $BLAS != openblas ]] || without_openblas "$@"
}

without_openblas() (
  [[ $BLAS != openblas ]] || {
    GOFLAGS=${GOFLAGS%-tags=openblas}
    CGO_LDFLAGS=${CGO_LDFLAGS%-lopenblas -llapacke}
  }
  "$@"
)

# go_test prints the go command's own lines, the output of failing tests, the
# reasons of skipped ones, and how many there were.
go_test() { "$GO" test -json -timeout 40m "$@" | "$PYTHON" "$HERE/gotest.py" "$LAB/log/counts"; }

kernel_test() {
  ATF_KERNEL=1 ATF_PYTHON=$PYTHON ATF_SETTING=quick \
    go_test -count=1 -p 1 -timeout 60m -run '^TestKernel' ./docker/...
}

own_notebooks() {
  local folder=$REPO/notebooks/mine found
  found=$(find "$folder" -name '*.ipynb' -not -path '*/.ipynb_checkpoints/*' 2>/dev/null | wc -l)
  if [[ -d $folder ]]; then echo "$found in $folder"; else echo "$folder is not made yet"; fi
}

doctor() {
  printf 'checkout        %s\n' "$REPO"
  printf 'installed in    %s\n' "$LAB"
  local name
  for name in curl wget git sudo apt-get gcc jupyter rsvg-convert chromium npm; do
    printf '%-15s %s\n' "$name" "$(command -v "$name" || printf 'not found')"
  done
  local go seen=' '
  for go in "$(command -v go || true)" /usr/local/go/bin/go "$LAB/go/bin/go"; do
    [[ -x $go && $seen != *" $go "* ]] || continue
    seen+="$go "
    printf '%-15s %s (%s)\n' go "$go" "$(GOTOOLCHAIN=local "$go" env GOVERSION)"
  done
  for name in gonb goimports gopls; do
    printf '%-15s %s\n' "$name" "$([[ -x $LAB/bin/$name ]] && cat "$LAB/stamps/$name" || printf 'not built yet')"
  done
  printf '%-15s %s\n' Jupyter "$(cat "$LAB/stamps/python" 2>/dev/null || printf 'not chosen yet')"
  printf '%-15s %s\n' "linear algebra" "${BLAS:-$(cat "$LAB/stamps/blas" 2>/dev/null || printf 'not chosen yet')}"
  printf '%-15s %s\n' ECharts "$(ls "$LAB"/jupyter/static/gonb-atf/*.js 2>/dev/null || printf 'not there')"
  printf '%-15s %s\n' "own notebooks" "$(own_notebooks)"
  printf '%-15s %s\n' ATF_DATA "${ATF_DATA:-not set: MNIST is downloaded once, or digits are drawn}"
  printf '%-15s %s\n' ATF_SETTING "${ATF_SETTING:-not set: quick}"
  printf '%-15s %s\n' ATF_MEMORY "${ATF_MEMORY:-not set: half of the free memory for one computation}"
}
