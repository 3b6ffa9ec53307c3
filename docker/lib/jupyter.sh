# shellcheck shell=bash
# Jupyter, the Go kernel's registration, and running the notebooks.

# find_jupyter sets PYTHON to an interpreter that has the notebook server and
# nbconvert: that of the jupyter on PATH, else Debian's, else a virtual
# environment. Jupyter is always started through it: the python3 on PATH may be
# another one, without Jupyter.
find_jupyter() {
  export JUPYTER_CONFIG_DIR=$LAB/jupyter/config JUPYTER_DATA_DIR=$LAB/jupyter
  export JUPYTER_RUNTIME_DIR=$LAB/jupyter/runtime IPYTHONDIR=$LAB/ipython
  unset JUPYTER_PATH JUPYTER_CONFIG_PATH
  PYTHON=
  local candidate
  if [[ -f $LAB/stamps/python ]]; then
    candidate=$(<"$LAB/stamps/python")
    if has_jupyter "$candidate"; then PYTHON=$candidate; return; fi
  fi
  search_jupyter || { apt_install jupyter-notebook jupyter-nbconvert && search_jupyter; } || make_venv
  record python "$PYTHON"
  say "Jupyter: $(server_of "$PYTHON") with $PYTHON"
}

search_jupyter() {
  local candidate
  for candidate in "$(python_of jupyter-notebook)" "$(python_of jupyter)" \
    "$(command -v python3 || true)" /usr/bin/python3 "$LAB/venv/bin/python"; do
    if has_jupyter "$candidate"; then PYTHON=$candidate; return 0; fi
  done
  return 1
}

has_jupyter() { server_of "$1" >/dev/null; }

# server_of PYTHON prints the module that opens notebooks, notebook or jupyterlab,
# where that interpreter also has what runs and converts them. It looks without
# importing, which would take a second.
server_of() {
  [[ -n $1 && -x $1 ]] && "$1" -c '
from importlib.util import find_spec
servers = [name for name in ("notebook", "jupyterlab") if find_spec(name)]
if not servers or not all(map(find_spec, ("nbconvert", "nbclient", "nbformat"))):
    raise SystemExit(1)
print(servers[0])' 2>/dev/null
}

# python_of PROGRAM prints the interpreter in PROGRAM's first line.
python_of() {
  local program first
  program=$(command -v "$1") || return 0
  IFS= read -r first <"$program" 2>/dev/null || return 0
  if [[ $first =~ ^\#!\ *([^ ]*python[^ ]*)$ ]]; then printf '%s\n' "${BASH_REMATCH[1]}"; fi
}

# make_venv is the last resort, where apt cannot install Jupyter.
make_venv() {
  local step="Jupyter" python
  local advice="install Jupyter Notebook and nbconvert so that \`jupyter\` is on PATH (Debian and Ubuntu: apt-get install jupyter-notebook jupyter-nbconvert) and call lab again"
  python=$(command -v python3) ||
    die "$step" "it is not on PATH, apt cannot install it, and there is no python3 for a virtual environment" "$advice"
  say "installing Jupyter into .lab/venv"
  rm -rf -- "$LAB/venv"
  "$python" -m venv "$LAB/venv" >"$LAB/log/venv.log" 2>&1 || {
    rm -rf -- "$LAB/venv"
    die "$step" "it is not on PATH, apt cannot install it, and \`$python -m venv\` failed ($LAB/log/venv.log)" "$advice"
  }
  "$LAB/venv/bin/python" -m pip install --disable-pip-version-check -q -r "$HERE/requirements.txt" \
    >>"$LAB/log/venv.log" 2>&1 || {
    rm -rf -- "$LAB/venv"
    die "$step" "it is not on PATH, apt cannot install it, and pip could not either ($LAB/log/venv.log)" "$advice"
  }
  PYTHON=$LAB/venv/bin/python
  has_jupyter "$PYTHON" || die "$step" "the virtual environment lacks parts of it ($LAB/log/venv.log)" "$advice"
}

# install_kernel registers GoNB for this checkout. Its environment stands in the
# registration, so that the kernel is the same whoever starts Jupyter.
install_kernel() {
  local key
  key="$(sha256 "$LAB/bin/gonb") $(sha256 "$HERE/lib/jupyter.sh") $(sha256 "$HERE/kernelspec.py") $(sha256 "$HERE/save_hook.py") $GO $PYTHON $BLAS $REPO ${GOFLAGS:-} ${CGO_LDFLAGS:-}"
  if [[ -f $LAB/jupyter/kernels/gonb/kernel.json ]] && done_before kernel "$key"; then return; fi
  say "registering the Go kernel"
  mkdir -p "$LAB/kernel" "$LAB/jupyter/config"
  write_go_shim
  "$LAB/bin/gonb" -install -go_work="$REPO" >"$LAB/log/kernel.log" 2>&1 ||
    die "Go kernel" "\`gonb -install\` failed ($LAB/log/kernel.log)" "remove .lab/ and call lab again"
  "$PYTHON" "$HERE/kernelspec.py" "$LAB/jupyter/kernels/gonb/kernel.json" "$LAB/tmp" \
    "$LAB/kernel" "$LAB/bin" "$(dirname -- "$GO")"
  write_server_config
  record kernel "$key"
}

# GoNB makes an empty module for each notebook and calls `go get` before every
# cell. With the library required from the start, `go get` finds every package
# at the library's versions, without a network and in no time; without it, it
# would ask the network for the newest of each. This stands before go on the
# kernel's PATH and adds that requirement when GoNB makes its module.
write_go_shim() {
  cat >"$LAB/kernel/go" <<SHIM
#!/bin/sh
if [ "\$#" -eq 3 ] && [ "\$1 \$2" = "mod init" ]; then
  case \$3 in gonb_*)
    $(quoted "$GO") "\$@" && exec $(quoted "$GO") mod edit \\
      -require=github.com/tangentfeatures/gonb-atf@v0.0.0 \\
      -replace=github.com/tangentfeatures/gonb-atf=$(quoted "$REPO")
    exit ;;
  esac
fi
# Its go.work belongs beside that module, whatever lies in a folder above.
[ "\$1 \$2" != "work init" ] || export GOWORK="\$PWD/go.work"
exec $(quoted "$GO") "\$@"
SHIM
  chmod +x "$LAB/kernel/go"
}

# quoted prints its argument as one word for sh.
quoted() { printf "'%s'" "${1//\'/\'\\\'\'}"; }

# The drawing library is served below /static/ by every Jupyter; the classic
# Notebook also serves nbextensions by itself. PDF export turns the figures'
# SVG into PDF by rsvg-convert, which lab installs, instead of Inkscape.
write_server_config() {
  local class
  for class in NotebookApp:notebook ServerApp:server :nbconvert; do
    ATF_CLASS=${class%:*} ATF_STATIC=$LAB/jupyter/static "$PYTHON" -c '
import json, os, sys
settings = {"SVG2PDFPreprocessor": {"command": ["rsvg-convert", "--format=pdf", "--output={to_filename}", "{from_filename}"]}}
if os.environ["ATF_CLASS"]:
    settings[os.environ["ATF_CLASS"]] = {"extra_static_paths": [os.environ["ATF_STATIC"]]}
json.dump(settings, sys.stdout)
' >"$LAB/jupyter/config/jupyter_${class#*:}_config.json"
  done
  for class in notebook server; do
    cp -- "$HERE/save_hook.py" "$LAB/jupyter/config/jupyter_${class}_config.py"
  done
  # The styles that the Notebook loads after its own.
  mkdir -p "$LAB/jupyter/config/custom"
  cp -- "$HERE/output.css" "$LAB/jupyter/config/custom/custom.css"
}

# make_own_folder gives each user a folder beside the notebooks, which git
# ignores, with a notebook to begin with. What lies there is never changed.
make_own_folder() {
  local folder=$REPO/notebooks/mine
  compgen -G "$folder/*.ipynb" >/dev/null && return
  if ! { mkdir -p -- "$folder" && cp -- "$HERE/my_notebook.ipynb" "$folder/.new" &&
    mv -f -- "$folder/.new" "$folder/my_notebook.ipynb"; } 2>"$LAB/log/own.log"; then
    note "cannot make a notebook in $folder: $(<"$LAB/log/own.log")"
  fi
}

open_jupyter() {
  local ip=${ATF_IP:-127.0.0.1} port=${ATF_PORT:-} token server_module page address options=()
  local start=notebooks/00_start.ipynb
  if [[ -z $port ]]; then
    port=8888
    while port_taken "$port"; do port=$((port + 1)); done
  fi
  trust_notebooks
  server_module=$(server_of "$PYTHON")
  page=/notebooks/$start
  [[ $server_module == notebook ]] || page=/lab/tree/$start
  token=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
  address="http://127.0.0.1:${ATF_SHOWN_PORT:-$port}$page?token=$token"
  ((EUID != 0)) || options+=(--allow-root)
  [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} && $ip == 127.0.0.1 ]] || options+=(--no-browser)
  # The log goes to a file: only what needs an answer belongs on the screen.
  JUPYTER_TOKEN=$token "$PYTHON" -m "$server_module" "${options[@]}" --ip="$ip" --port="$port" \
    --port-retries=0 --notebook-dir="$REPO" "$REPO/$start" >"$LAB/log/jupyter.log" 2>&1 &
  local server=$!
  # The trap outlives this function and its variables, so it holds the number.
  # shellcheck disable=SC2064
  trap "kill $server 2>/dev/null || true" EXIT
  trap 'exit 130' INT TERM
  until port_taken "$port"; do
    kill -0 "$server" 2>/dev/null || {
      tail -n 5 "$LAB/log/jupyter.log" >&2
      die "Jupyter" "the server did not start ($LAB/log/jupyter.log)" "set ATF_PORT to a free port"
    }
    sleep 0.2
  done
  printf '\n  Jupyter is ready:  %s\n\n' "$address"
  say "Ctrl-C ends it; its log is $LAB/log/jupyter.log"
  wait "$server"
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# trust_notebooks lets Jupyter show the figures in the notebooks as they were
# committed. A notebook changed since is for its reader to trust. The command
# `jupyter trust` is a package of its own in Debian; what it calls is always there.
trust_notebooks() {
  local path notebooks=()
  while IFS= read -r path; do
    if git -C "$REPO" diff --quiet HEAD -- "$path"; then notebooks+=("$REPO/$path"); fi
  done < <(git -C "$REPO" ls-files 'notebooks/*.ipynb' 2>/dev/null || true)
  ((${#notebooks[@]} == 0)) ||
    "$PYTHON" -c 'from nbformat.sign import TrustNotebookApp; TrustNotebookApp.launch_instance()' \
      "${notebooks[@]}" >"$LAB/log/trust.log" 2>&1 ||
    note "cannot mark the committed notebooks as trusted; use File > Trust Notebook to see their figures"
}

parse_run() {
  SETTING=${ATF_SETTING:-quick} COMMIT='' JOBS='' SELECTED=()
  while (($# > 0)); do
    case $1 in
      --paper) SETTING=paper ;;
      --commit) COMMIT=--commit ;;
      --jobs) JOBS=${2:-nothing}; (($# == 1)) || shift ;;
      --jobs=*) JOBS=${1#*=} ;;
      -*) printf 'lab: run has no option %s (see: ./docker/lab help)\n' "$1" >&2; exit 2 ;;
      *) SELECTED+=("$1") ;;
    esac
    shift
  done
  case $SETTING in quick | paper) ;; *)
    printf 'lab: ATF_SETTING is "%s"; set it to quick or paper\n' "$SETTING" >&2; exit 2 ;;
  esac
  JOBS=${JOBS:-$(jobs_by_default)}
  [[ $JOBS =~ ^[1-9][0-9]?$ ]] || {
    printf 'lab: --jobs is "%s"; give a number of notebooks at a time, from 1\n' "$JOBS" >&2; exit 2
  }
}

# jobs_by_default prints how many notebooks run at a time. One of them keeps one
# to two cores busy and takes 1 to 4 GB. Times that are to be committed, and the
# paper's sizes, are measured alone.
jobs_by_default() {
  local jobs
  if [[ $SETTING == paper || -n $COMMIT ]]; then echo 1; return; fi
  jobs=$(awk -v cores="$(nproc)" '/^MemAvailable:/ { memory = int($2 / 4e6) }
    END { jobs = int(cores / 2); if (memory < jobs) jobs = memory; print jobs }' /proc/meminfo)
  echo $((jobs > 1 ? jobs : 1))
}

run_notebooks() {
  local timeout=${ATF_CELL_TIMEOUT:-900}
  [[ $SETTING == quick || -n ${ATF_CELL_TIMEOUT:-} ]] || timeout=0
  say "running the notebooks with the $SETTING settings"
  ATF_SETTING=$SETTING "$PYTHON" "$HERE/execute.py" --repo "$REPO" --out "$OUT" \
    --log "$LAB/log" --timeout "$timeout" --jobs "$JOBS" ${COMMIT:+"$COMMIT"} -- "${SELECTED[@]}"
}
