"""Makes executed notebooks the same on every machine: nothing in them tells
when or where they ran, so that a diff shows what changed in the results.
"""

import json
import os
import re

KERNEL = {"display_name": "Go (gonb)", "language": "go", "name": "gonb"}
LANGUAGE = {
    "codemirror_mode": "",
    "file_extension": ".go",
    "mimetype": "text/x-go",
    "name": "go",
    "nbconvert_exporter": "",
    "pygments_lexer": "go",
}
# Notebook and cell metadata that a person may have set; the rest is the editor's.
KEPT_IN_NOTEBOOK = {"title", "authors", "celltoolbar", "nbgrader"}
KEPT_IN_CELL = {"tags", "nbgrader", "slideshow", "jupyter", "editable", "deletable", "hide_input"}


def clear(notebook):
    """Removes all outputs, and the metadata that editors and runs leave."""
    kept = {key: value for key, value in notebook.metadata.items() if key in KEPT_IN_NOTEBOOK}
    notebook.metadata.clear()
    notebook.metadata.update({**kept, "kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE)})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        if not cell.get("id"):
            cell["id"] = f"cell-{number:02d}"
        clean_cell(cell)
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def clean_cell(cell):
    for key in [key for key in cell.metadata if key not in KEPT_IN_CELL]:
        del cell.metadata[key]


def outputs(notebook):
    """Joins pieces of text, keeps the last state of progress lines, drops noise."""
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    for cell in notebook.cells:
        clean_cell(cell)
        if cell.cell_type != "code":
            continue
        joined = []
        for output in cell.outputs:
            output.pop("transient", None)
            last = joined[-1] if joined else None
            if output.output_type == "stream" and last and last.output_type == "stream" and last.name == output.name:
                last.text += output.text
            else:
                joined.append(output)
        for output in joined:
            if output.output_type == "stream":
                output.text = settled(output.text)
        cell.outputs = [o for o in joined if o.output_type != "stream" or o.text]


def settled(text):
    """What a terminal shows in the end, without the go command's downloads."""
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.split("\n")]
    lines = [line for line in lines if not line.startswith("go: downloading ")]
    return "\n".join(lines)


def machine_paths(notebook, repo):
    """Names every output that holds a path of this machine."""
    places = {"the checkout's path": str(repo), "the home folder": os.path.expanduser("~")}
    if os.environ.get("ATF_DATA"):
        places["ATF_DATA"] = os.path.abspath(os.environ["ATF_DATA"])
    patterns = {
        what: re.compile(re.escape(path.rstrip("/")) + r"(?![\w-])") for what, path in places.items() if len(path) > 1
    }
    patterns["GoNB's work folder"] = re.compile(r"/gonb_[0-9a-f]{8}\b")
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            text = readable(output)
            found += [f"cell {number}: its output holds {what}" for what, pattern in patterns.items() if pattern.search(text)]
    return found


def readable(output):
    """An output's text without encoded pictures, in which any letters may stand."""
    output = dict(output)
    if "data" in output:
        output["data"] = {kind: data for kind, data in output["data"].items() if not binary(kind)}
    text = json.dumps(output, ensure_ascii=False).replace("\\/", "/")
    return re.sub(r"base64,[A-Za-z0-9+/=\\n]+", "base64,", text)


def binary(kind):
    return kind.startswith("image/") and kind != "image/svg+xml"
