"""Reads a notebook from its file, or says in one sentence why it cannot be run."""

import copy
import json
import re
import warnings

import nbformat

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Unreadable(Exception):
    """Says what is wrong with a file that should be a notebook, and what to do."""


def read(path):
    """The notebook in the file, in format 4. Older formats are converted."""
    if path.is_dir():
        raise Unreadable("it is a folder, not a notebook: give it another name")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror or error}") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids get some later
            check(parse(raw))
            return nbformat.reads(raw.decode("utf-8"), as_version=4)
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error


def parse(raw):
    """The JSON object in the bytes of a file."""
    if not raw.strip():
        raise Unreadable(f"it is empty ({len(raw)} bytes): bring it back, for instance with `git checkout`, or delete it")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 text (byte {error.start}): save it as UTF-8") from error
    if text.startswith("\ufeff"):
        raise Unreadable("it begins with a byte order mark: save it as UTF-8 without one")
    try:
        content = json.loads(text)
    except ValueError as error:
        raise Unreadable(not_json(text, error)) from error
    if not isinstance(content, dict) or "nbformat" not in content:
        raise Unreadable("it is JSON, but has no nbformat: it is not a notebook")
    return content


def not_json(text, error):
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"(<{7}|={7}|>{7}|\|{7})( |$)", line):
            return f"line {number} is the mark of an unfinished merge ({line[:7]}): resolve the conflict"
    if text.startswith("version https://git-lfs"):
        return "it is a Git LFS pointer, not the notebook: run `git lfs pull`"
    return f"it is not JSON: {error}"


def check(content):
    """Raises for what the format does not allow, the plainest things first.

    The format's schema comes last: in its own words one wrong cell is only "not
    valid by any definition"."""
    version = content["nbformat"]
    if not isinstance(version, int) or isinstance(version, bool) or version > 4:
        raise Unreadable(f"its nbformat is {json.dumps(version)}, and lab reads format 4: save it as format 4")
    if not isinstance(content.get("metadata"), dict):
        raise Unreadable('it has no metadata: add "metadata": {} beside "cells", or open and save it in Jupyter')
    if version == 4:
        if not isinstance(content.get("nbformat_minor"), int):
            raise Unreadable("it has no nbformat_minor: add the 5 of format 4.5, or open and save it in Jupyter")
        check_cells(content.get("cells"))
    try:
        # Properties that the format does not know are somebody else's.
        nbformat.validate(copy.deepcopy(content), relax_add_props=True)
    except nbformat.ValidationError as error:
        raise Unreadable(f"it is not a valid notebook: {str(error).splitlines()[0][:200]}") from error


def check_cells(cells):
    if not isinstance(cells, list):
        raise Unreadable("it has no list of cells")
    ids = {}
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            raise Unreadable(f"cell {number} is not an object")
        kind = cell.get("cell_type")
        if kind not in ("code", "markdown", "raw"):
            raise Unreadable(f"cell {number}: its type is {json.dumps(kind)}, not code, markdown or raw")
        if not isinstance(cell.get("metadata"), dict):
            raise Unreadable(f'cell {number} has no metadata: add "metadata": {{}} to it')
        source = cell.get("source")
        if not all(isinstance(line, str) for line in (source if isinstance(source, list) else [source])):
            raise Unreadable(f"cell {number}: its source is neither text nor a list of lines")
        if kind == "code" and not isinstance(cell.get("outputs"), list):
            raise Unreadable(f'cell {number}: it has no outputs: add "outputs": [] to it')
        if "id" in cell:  # some editors leave it out; it is added later
            check_id(cell["id"], number, ids)


def check_id(name, number, ids):
    if not isinstance(name, str) or not CELL_ID.fullmatch(name):
        shown = json.dumps(name, ensure_ascii=False)[:80]
        raise Unreadable(f"cell {number}: its id {shown} is not 1 to 64 letters, digits, - and _: give it another")
    if name in ids:
        raise Unreadable(f"cells {ids[name]} and {number} have the same id {name!r}: give one another")
    ids[name] = number
