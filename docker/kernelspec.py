"""Adds to GoNB's registration the environment its cells are compiled in.

Usage: kernelspec.py KERNEL.JSON TEMPORARY FOLDER…, with the folder for GoNB's
temporary files and the folders that come first on the kernel's PATH.
"""

import json
import os
import sys


# gopls listens on a socket in GoNB's work folder, and a socket's path may have
# 107 bytes; this many remain for the folder above it.
LONGEST_TEMPORARY = 75


def main(path, temporary, *folders):
    with open(path, encoding="utf-8") as file:
        spec = json.load(file)
    # Jupyter replaces ${PATH} by the server's own when it starts the kernel.
    # GoNB makes a go.work for each notebook, which is found where GOWORK is empty.
    env = {"PATH": os.pathsep.join([*folders, "${PATH}"]), "GOTOOLCHAIN": "local", "GOWORK": ""}
    for name in ("GOFLAGS", "CGO_LDFLAGS", "CGO_ENABLED"):
        if os.environ.get(name):
            env[name] = os.environ[name]
    # Without debugging tables a cell links in half the time; panics keep their
    # traces. And a cell is no version of the checkout its work folder lies in.
    env["GOFLAGS"] = (env.get("GOFLAGS", "") + " -ldflags=-w -buildvcs=false").strip()
    if len(os.fsencode(temporary)) <= LONGEST_TEMPORARY:
        env["TMPDIR"] = temporary
    spec["env"] = env
    with open(path, "w", encoding="utf-8") as file:
        json.dump(spec, file, indent=1)


main(*sys.argv[1:])
