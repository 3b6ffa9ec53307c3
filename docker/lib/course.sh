# shellcheck shell=bash
# Assignments for a course: the students' copies, and grading what they hand in.

# prepare_course gets what making and grading need: Go, and bubblewrap where it
# can be had. Jupyter and the kernel are not called.
prepare_course() {
  mkdir -p "$LAB/bin" "$LAB/stamps" "$LAB/log" "$LAB/tmp"
  lock
  find_go
  if [[ ${1:-} == grade ]] && ! command -v bwrap >/dev/null; then
    install_extra bubblewrap "without bubblewrap answers are isolated by the kernel's namespaces alone" bubblewrap || true
  fi
  (cd "$REPO" && env -u GOFLAGS CGO_ENABLED=0 "$GO" build -o "$LAB/bin/course" ./docker/course) >"$LAB/log/course.log" 2>&1 ||
    die "course" "the maker and grader of assignments does not compile ($LAB/log/course.log)" \
      "check the network (Go modules come through GOPROXY) and call lab again"
  unlock
}

assignment() {
  [[ ${1:-} == make ]] || {
    printf 'lab: assignment takes: make NAME [-o FILE]\n' >&2
    exit 2
  }
  prepare_course
  "$LAB/bin/course" -checkout "$REPO" "$@"
}

grade() {
  prepare_course grade
  "$LAB/bin/course" -checkout "$REPO" grade "$@"
}
